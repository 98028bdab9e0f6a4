{{ config(materialized='dirty_keys', key=['connection_id', 'contact_id'], order_by=['organization_id', 'connection_id', 'contact_id']) }}

-- Where an account keeps utm parameters these say where a contact came from, else HubSpot's own words for it.

{{ newest_of('hubspot', 'contacts', 'contact_id', ['email', 'lifecycle_stage', 'company_id', 'merged_ids']) }}

renamed as (
    select
        {{ of_account() }},
        record_id as contact_id,
        company_id,
        owner_id,
        lead_status,
        lifecycle_stage,
        email as email_token,
        source as stated_source,
        country,
        coalesce(utm_source, case source
            when 'ORGANIC_SEARCH' then lower(coalesce(source_detail_2, 'search'))
            when 'REFERRALS' then lower(source_detail_1)
            when 'DIRECT_TRAFFIC' then 'direct'
            when 'SOCIAL_MEDIA' then lower(source_detail_1)
            when 'PAID_SOCIAL' then lower(source_detail_1)
        end) as utm_source,
        coalesce(utm_medium, case source
            when 'ORGANIC_SEARCH' then 'organic'
            when 'REFERRALS' then 'referral'
            when 'EMAIL_MARKETING' then 'email'
            when 'SOCIAL_MEDIA' then 'social'
            when 'PAID_SEARCH' then 'cpc'
            when 'PAID_SOCIAL' then 'cpc'
        end) as utm_medium,
        coalesce(utm_campaign, case source when 'PAID_SEARCH' then source_detail_1 when 'PAID_SOCIAL' then source_detail_2 end) as utm_campaign,
        utm_term,
        utm_content,
        is_archived,
        merged_ids,
        created_at,
        lead_at,
        opportunity_at as converted_at,
        customer_at,
        cast({{ instant_to_local('lead_at', 'account_time_zone') }} as date) as date_day,
        updated_at,
        _sync_id,
        _synced_at
    from source
)

select * from renamed
