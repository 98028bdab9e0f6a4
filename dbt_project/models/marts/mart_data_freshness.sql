{{ config(materialized='table') }}

with

connections as (
    select * from {{ ref('int_connections_synced') }}
),

syncs as (
    select * from {{ ref('stg_lake__syncs') }}
    where committed_at <= {{ as_of() }}
),

recent as (
    select
        connection_id,
        sum(case when status = 'failed' then 1 else 0 end) as failures_7d,
        sum(case when status = 'succeeded' then row_count else 0 end) as rows_7d,
        count(distinct sync_id) as syncs_7d
    from syncs
    where committed_at > {{ as_of() }} - interval '7 days'
    group by connection_id
),

freshest_days as (
    select
        connection_id,
        max(date_day) as last_covered_day
    from {{ ref('int_report_winners') }}
    group by connection_id
),

lagging as (
    select
        connections.organization_id,
        connections.platform,
        connections.connection_id,
        connections.account_id,
        connections.account_name,
        connections.status as connection_status,
        connections.sync_frequency,
        connections.last_success_at,
        connections.last_failure_at,
        connections.failing_streams,
        connections.last_error_class,
        connections.last_error_message,
        freshest_days.last_covered_day,
        {{ seconds_between('connections.last_success_at', as_of()) }} / 3600.0 as lag_hours,
        -- One sync may be late, two may not. A feed is silent on holidays, and its rates are carried so long.
        case
            when connections.organization_id = '_shared' then 24 * {{ var('exchange_rate_max_age_days') | int }}
            else 2 * case connections.sync_frequency when 'hourly' then 1 when 'daily' then 24 when 'weekly' then 168 end
        end as allowed_lag_hours,
        cast(coalesce(recent.syncs_7d, 0) as bigint) as syncs_7d,
        cast(coalesce(recent.failures_7d, 0) as bigint) as failures_7d,
        cast(coalesce(recent.rows_7d, 0) as bigint) as rows_7d,
        {{ as_of() }} as as_of
    from connections
    left join recent on connections.connection_id = recent.connection_id
    left join freshest_days on connections.connection_id = freshest_days.connection_id
),

judged as (
    select
        *,
        case
            when connection_status <> 'active' then connection_status
            when failing_streams > 0 then 'failing'
            when last_success_at is null then 'never synced'
            -- The clock was wrong when it ran: how old that is cannot be known.
            when last_success_at > as_of + interval '2 minutes' then 'future'
            when lag_hours > allowed_lag_hours then 'stale'
            else 'fresh'
        end as freshness
    from lagging
)

select * from judged
