{{ config(materialized='dirty_keys', key=['connection_id', 'sync_id', 'chunk_id']) }}

-- Kept by chunk, so that a new file costs its own rows only.

with

dirty_keys as (
    {% call dirty_keys() %}
    {{ event_chunks() }}
    {% endcall %}
),

days as (
    select
        events.connection_id,
        events._sync_id as sync_id,
        events._chunk_id as chunk_id,
        events.date_utc,
        max(events.account_time_zone) as account_time_zone,
        count(*) as event_copies
    from {{ ref('stg_events__events') }} as events
    inner join dirty_keys
        on
            events.connection_id = dirty_keys.connection_id
            and events._sync_id = dirty_keys.sync_id
            and events._chunk_id = dirty_keys.chunk_id
    group by events.connection_id, events._sync_id, events._chunk_id, events.date_utc
)

select * from days
