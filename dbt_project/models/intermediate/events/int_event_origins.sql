{{ config(materialized='dirty_keys', key=['connection_id', 'sync_id', 'chunk_id']) }}

-- Kept by chunk, as the days are.

with

dirty_keys as (
    {% call dirty_keys() %}
    {{ event_chunks() }}
    {% endcall %}
),

origins as (
    select distinct
        events.connection_id,
        events._sync_id as sync_id,
        events._chunk_id as chunk_id,
        events.origin_key,
        events.utm_source,
        events.utm_medium,
        events.utm_campaign,
        events.referrer_host,
        events.page_host,
        events.click_id_type,
        events.parameters,
        events.stated_network
    from {{ ref('stg_events__events') }} as events
    inner join dirty_keys
        on
            events.connection_id = dirty_keys.connection_id
            and events._sync_id = dirty_keys.sync_id
            and events._chunk_id = dirty_keys.chunk_id
)

select * from origins
