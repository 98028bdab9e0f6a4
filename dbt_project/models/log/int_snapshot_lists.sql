-- A list counts when every chunk of it succeeded: what an account fetched before it failed deletes
-- nothing. A list of which rows went to quarantine adds and changes, and deletes nothing either:
-- what it lacks may be what could not be read. Products and employees that come as deltas are lists
-- that delete nothing; of those each chunk counts for itself.

with

syncs as (
    select
        *,
        {{ stream_level() }} as level
    from {{ ref('stg_lake__syncs') }}
    where
        kind = 'snapshot'
        or (kind = 'changes' and status = 'succeeded' and {{ stream_level() }} in ('product_list', 'employee_list'))
),

complete as (
    select
        organization_id,
        connection_id,
        platform,
        account_id,
        stream,
        level,
        kind,
        sync_id,
        min(chunk_id) as first_chunk_id,
        max(chunk_id) as last_chunk_id,
        max(account_currency) as currency_code,
        coalesce(max(account_time_zone), 'UTC') as time_zone,
        min(fetch_started_at) as fetch_started_at,
        kind = 'snapshot' and coalesce(sum(rejected_row_count), 0) = 0 as can_delete,
        {{ set_fingerprint(['chunk_id', 'account_currency', 'rejected_row_count']) }} as chunks_fingerprint
    from syncs
    group by organization_id, connection_id, platform, account_id, stream, level, kind, sync_id
    having count(*) = sum(case when status = 'succeeded' then 1 else 0 end)
),

sequenced as (
    select
        *,
        cast({{ instant_to_local('fetch_started_at', 'time_zone') }} as date) as local_day,
        lag(sync_id) over (
            partition by connection_id, stream
            order by fetch_started_at, sync_id
        ) as previous_sync_id,
        lag(chunks_fingerprint) over (
            partition by connection_id, stream
            order by fetch_started_at, sync_id
        ) as previous_chunks_fingerprint,
        sum(case when can_delete then 1 else 0 end) over (
            partition by connection_id, stream
            order by fetch_started_at, sync_id
        ) as deleting_lists,
        row_number() over (
            partition by connection_id, stream
            order by fetch_started_at desc, sync_id desc
        ) = 1 as is_current_list
    from complete
),

placed as (
    select
        *,
        max(deleting_lists) over (partition by connection_id, stream) as last_deleting_list,
        min(local_day) over (partition by connection_id, stream) as first_list_day
    from sequenced
)

select * from placed
