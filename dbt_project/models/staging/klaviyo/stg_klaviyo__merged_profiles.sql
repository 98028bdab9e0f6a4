{{ config(
    materialized='dirty_keys', key=['connection_id', 'date_day'], order_by=['organization_id', 'date_day', 'member_id'], own_days=true,
) }}

{{ moved_ids('klaviyo', 'events', 'event_id', 'profile_id', 'member_id') }}
