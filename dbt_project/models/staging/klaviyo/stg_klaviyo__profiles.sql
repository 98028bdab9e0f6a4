{{ config(materialized='dirty_keys', key=['connection_id', 'member_id'], order_by=['organization_id', 'connection_id', 'member_id']) }}

{{ newest_of_dirty_records('klaviyo', 'profiles', 'member_id', values=['email', 'email_consent', 'suppressions', 'phone']) }}

renamed as (
    select
        {{ of_account() }},
        record_id as member_id,
        email as email_token,
        phone as phone_token,
        case
            when suppressions like '%HARD_BOUNCE%' then 'bounced'
            when email_consent = 'UNSUBSCRIBED' then 'unsubscribed'
            when email_consent = 'SUBSCRIBED' then 'subscribed'
            else 'pending'
        end as member_status,
        country,
        created_at as joined_at,
        case when email_consent = 'UNSUBSCRIBED' then email_consent_at end as left_at,
        updated_at,
        _sync_id,
        _synced_at
    from source
)

select * from renamed
