-- The chunks that current truth is picked from. Of a `changes` stream all that succeeded, each for itself.
-- Of complete lists the last one that could delete and what came after it: an entity that such a list
-- lacks is gone, in it and in everything before it.

with

syncs as (
    select
        *,
        {{ stream_level() }} as level
    from {{ ref('stg_lake__syncs') }}
    where status = 'succeeded' and kind in ('changes', 'snapshot')
),

lists as (
    select * from {{ ref('int_snapshot_lists') }}
    where level in ('order_records', 'customer_records', 'table_records', 'mail_records', 'crm_records')
),

current_lists as (
    select * from lists
    where deleting_lists = last_deleting_list
),

-- A connection whose files were deltas before they were lists, or the other way round.
beginnings as (
    select
        connection_id,
        stream,
        min(fetch_started_at) as fetch_started_at
    from current_lists
    where can_delete
    group by connection_id, stream
),

chunks as (
    select
        syncs.organization_id,
        syncs.connection_id,
        syncs.platform,
        syncs.account_id,
        syncs.stream,
        syncs.sync_id,
        syncs.chunk_id,
        syncs.kind,
        syncs.fetch_started_at,
        syncs.account_currency,
        coalesce(syncs.account_time_zone, 'UTC') as account_time_zone
    from syncs
    left join current_lists
        on
            syncs.connection_id = current_lists.connection_id
            and syncs.stream = current_lists.stream
            and syncs.sync_id = current_lists.sync_id
    left join beginnings
        on syncs.connection_id = beginnings.connection_id and syncs.stream = beginnings.stream
    where
        syncs.level in ('order_records', 'customer_records', 'table_records', 'mail_records', 'crm_records')
        and case syncs.kind
            when 'snapshot' then current_lists.sync_id is not null
            else beginnings.fetch_started_at is null or syncs.fetch_started_at > beginnings.fetch_started_at
        end
)

select * from chunks
