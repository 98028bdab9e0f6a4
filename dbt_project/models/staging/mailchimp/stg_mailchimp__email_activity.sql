{{ config(materialized='dirty_keys', key=['connection_id', 'record_id'], order_by=['organization_id', 'connection_id', 'date_day']) }}

{{ newest_of_dirty_records('mailchimp', 'email_activity', 'record_id', values=['action', 'url', 'bounce_type', 'is_machine']) }}

renamed as (
    select
        {{ of_account() }},
        record_id,
        campaign_id as message_id,
        member_id,
        action as event_type,
        url,
        bounce_type,
        is_machine,
        updated_at as happened_at,
        cast({{ instant_to_local('updated_at', 'account_time_zone') }} as date) as date_day,
        {{ of_sync() }}
    from source
    -- What has no time that can be held is on no day.
    where updated_at is not null
)

select * from renamed
