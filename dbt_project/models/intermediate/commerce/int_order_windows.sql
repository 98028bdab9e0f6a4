-- The windows of changes to orders that were fetched, each with what of it was shown. A sync of an earlier
-- version did not log what was hidden from it: it is taken to have seen as many days as the next one that did,
-- since what an account is granted seldom changes.

with

fetched as (
    select
        connection_id,
        sync_id,
        chunk_id,
        window_from,
        -- Nothing is known of what came after the fetch.
        least(window_to, {{ instant_to_local('fetch_started_at', "'UTC'") }}) as window_to,
        fetch_started_at,
        coalesce(
            hidden_before,
            fetch_started_at - first_value(fetch_started_at - hidden_before ignore nulls) over (
                partition by connection_id
                order by fetch_started_at, sync_id, chunk_id
                rows between current row and unbounded following
            )
        ) as hidden_before
    from {{ ref('stg_lake__syncs') }}
    where
        kind = 'changes'
        and status = 'succeeded'
        and {{ stream_level() }} = 'order_records'
),

windows as (
    select
        connection_id,
        sync_id,
        chunk_id,
        window_from,
        window_to,
        fetch_started_at,
        -- Before 1970 nothing was made: all was shown.
        case when year(hidden_before) > 1970 then hidden_before end as hidden_before
    from fetched
    where window_from < window_to
)

select * from windows
