{{ config(materialized='dirty_keys', key=['connection_id', 'record_id'], order_by=['organization_id', 'connection_id', 'record_id']) }}

{{ newest_of_dirty_records('mailchimp', 'members', 'record_id', values=['status', 'email', 'joined_at', 'country_code']) }}

renamed as (
    select
        {{ of_account() }},
        record_id,
        member_id,
        audience_id,
        email as email_token,
        case
            when status = 'cleaned' then 'bounced'
            when status = 'transactional' then 'not_subscribed'
            else status
        end as member_status,
        country_code as country,
        joined_at,
        updated_at,
        _sync_id,
        _synced_at
    from source
)

select * from renamed
