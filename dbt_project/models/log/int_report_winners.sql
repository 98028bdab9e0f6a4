{{ config(materialized='dirty_keys', key=['connection_id', 'stream', 'date_month']) }}

-- Kept by month of an account's stream, so that a new log row expands the months it touches and
-- not the log. Who wins does not depend on who committed first.

{% set row_columns = [
    'organization_id', 'platform', 'account_id', 'sync_id', 'chunk_id', 'window_from', 'window_to',
    'fetch_started_at', 'committed_at', 'account_currency', 'account_time_zone', 'left_days',
] %}

with

syncs as (
    select * from {{ ref('stg_lake__syncs') }}
    where kind = 'report' and status = 'succeeded' and window_from < window_to
),

dirty_keys as (
    {% call dirty_keys() %}
    select
        connection_id,
        stream,
        date_month,
        {{ set_fingerprint(row_columns) }} as fingerprint
    from (
        select
            *,
            {{ each_date("date_trunc('month', window_from)", add_days('cast(window_to as date)', -1), 'month') }} as date_month
        from {{ ref('stg_lake__syncs') }}
        where kind = 'report' and status = 'succeeded' and window_from < window_to
    ) as months_touched
    group by connection_id, stream, date_month
    {% endcall %}
),

touching as (
    select
        syncs.*,
        dirty_keys.date_month,
        greatest(cast(syncs.window_from as date), dirty_keys.date_month) as first_day,
        least(
            {{ add_days('cast(syncs.window_to as date)', -1) }},
            cast(last_day(dirty_keys.date_month) as date)
        ) as last_covered_day
    from syncs
    inner join dirty_keys
        on
            syncs.connection_id = dirty_keys.connection_id
            and syncs.stream = dirty_keys.stream
            and syncs.window_from <= last_day(dirty_keys.date_month)
            and syncs.window_to > dirty_keys.date_month
),

covering as (
    select *
    from (
        select
            *,
            {{ each_date('first_day', 'last_covered_day') }} as date_day
        from touching
    ) as days
    where not {{ is_left_day('days.left_days', 'days.date_day') }}
),

ranked as (
    select
        *,
        row_number() over (
            partition by connection_id, stream, date_day
            order by fetch_started_at desc, sync_id desc, chunk_id desc
        ) as place
    from covering
),

coverage as (
    select
        connection_id,
        stream,
        date_day,
        count(*) as covering_syncs,
        {{ set_fingerprint(row_columns) }} as coverage_fingerprint
    from covering
    group by connection_id, stream, date_day
),

winners as (
    select
        ranked.organization_id,
        ranked.connection_id,
        ranked.platform,
        ranked.account_id,
        ranked.stream,
        ranked.date_month,
        ranked.date_day,
        ranked.sync_id,
        ranked.chunk_id,
        ranked.account_currency as currency_code,
        ranked.account_time_zone as time_zone,
        ranked.fetch_started_at,
        ranked.committed_at,
        coverage.covering_syncs,
        coverage.coverage_fingerprint
    from ranked
    inner join coverage
        on
            ranked.connection_id = coverage.connection_id
            and ranked.stream = coverage.stream
            and ranked.date_day = coverage.date_day
    where ranked.place = 1
)

select * from winners
