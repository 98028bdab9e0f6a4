-- Forms that people have sent as leads: the ad is known by its id, and that it is one of Google's.

with

forms as (
    select * from {{ ref('stg_webhooks__lead_forms') }}
    where not is_test
),

leads as (
    select
        {{ of_connection('forms') }},
        coalesce(lead_id, record_id) as contact_id,
        form_id,
        email_token,
        phone_token,
        lead_stage as lead_status,
        'lead form' as stated_source,
        country,
        'google' as utm_source,
        'cpc' as utm_medium,
        campaign_id as utm_campaign,
        ad_id as utm_content,
        campaign_id as landing_campaign_id,
        cast({{ instant_to_local('coalesce(happened_at, received_at)', 'account_time_zone') }} as date) as date_day,
        coalesce(happened_at, received_at) as lead_at,
        received_at as updated_at,
        _sync_id,
        _synced_at
    from forms
    qualify row_number() over (partition by connection_id, coalesce(lead_id, record_id) order by record_id) = 1
)

select * from leads
