-- What the log says of each connection, stream by stream first: one stream that works does not hide
-- another that fails every day. A sync succeeded when all of its chunks did.

with

connections as (
    select * from {{ ref('stg_registry__connections') }}
),

-- A row that sets a cursor back fetched nothing.
syncs as (
    select * from {{ ref('stg_lake__syncs') }}
    where mode <> 'reset'
),

attempts as (
    select
        connection_id,
        stream,
        sync_id,
        max(fetch_started_at) as fetch_started_at,
        max(committed_at) as committed_at,
        max(case when status = 'failed' then committed_at end) as failed_at,
        count(*) = sum(case when status = 'succeeded' then 1 else 0 end) as is_success
    from syncs
    group by connection_id, stream, sync_id
),

streams as (
    select
        *,
        max(case when is_success then committed_at end) over (partition by connection_id, stream) as last_success_at,
        max(committed_at) over (partition by connection_id, stream) as last_sync_at,
        max(failed_at) over (partition by connection_id, stream) as last_failure_at
    from attempts
    qualify row_number() over (
        partition by connection_id, stream
        order by fetch_started_at desc, sync_id desc
    ) = 1
),

outcomes as (
    select
        connection_id,
        case when count(*) = count(last_success_at) then min(last_success_at) end as last_success_at,
        max(last_sync_at) as last_sync_at,
        max(last_failure_at) as last_failure_at,
        sum(case when is_success then 0 else 1 end) as failing_streams
    from streams
    group by connection_id
),

last_failures as (
    select
        syncs.connection_id,
        syncs.error_class,
        syncs.error_message
    from syncs
    inner join streams
        on
            syncs.connection_id = streams.connection_id
            and syncs.stream = streams.stream
            and syncs.sync_id = streams.sync_id
    where syncs.status = 'failed'
    qualify row_number() over (
        partition by syncs.connection_id
        order by
            -- The refusal itself, not the streams that were skipped for it.
            syncs.error_class = 'AccountSkipped',
            syncs.committed_at desc, syncs.sync_id desc, syncs.stream, syncs.chunk_id desc
    ) = 1
),

accounts as (
    select
        connection_id,
        account_name,
        account_currency,
        account_time_zone
    from syncs
    qualify row_number() over (
        partition by connection_id
        order by fetch_started_at desc, sync_id desc, stream, chunk_id desc
    ) = 1
),

joined as (
    select
        connections.connection_id,
        connections.organization_id,
        connections.platform,
        connections.account_id,
        coalesce(accounts.account_name, connections.account_name) as account_name,
        coalesce(accounts.account_currency, connections.account_currency) as currency_code,
        coalesce(accounts.account_time_zone, connections.account_time_zone) as time_zone,
        connections.status,
        connections.sync_frequency,
        connections.start_date,
        connections.created_at,
        connections.removed_at,
        outcomes.last_sync_at,
        outcomes.last_success_at,
        outcomes.last_failure_at,
        cast(coalesce(outcomes.failing_streams, 0) as bigint) as failing_streams,
        last_failures.error_class as last_error_class,
        last_failures.error_message as last_error_message
    from connections
    left join outcomes on connections.connection_id = outcomes.connection_id
    left join last_failures on connections.connection_id = last_failures.connection_id
    left join accounts on connections.connection_id = accounts.connection_id
)

select * from joined
