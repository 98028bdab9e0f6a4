{{ config(materialized='table') }}

-- A table, since most marts read it: DuckDB would plan a view's SQL again in each of them.
-- Which days of an account are whole: over in its own zone, and fetched after they ended. Nothing of it depends on
-- when is now. The days are those that reports cover, that shops are known of, or that orders and refunds are of.

with

report_days as (
    select
        days.organization_id,
        days.platform,
        days.connection_id,
        days.date_day,
        days.fetch_started_at >= {{ local_to_instant('cast(' ~ add_days('days.date_day', 1) ~ ' as timestamp)', "coalesce(days.time_zone, 'UTC')") }} as is_complete,
        {{ age_of_day('days.date_day', 'days.fetch_started_at', 'days.time_zone') }} as age_days,
        {{ age_of_day('days.date_day', 'days.fetch_started_at', 'days.time_zone') }} > coalesce(platforms.lookback_days, 0) as is_past_lookback
    from {{ ref('int_report_days') }} as days
    left join {{ ref('stg_registry__platforms') }} as platforms on days.platform = platforms.platform
    where days.level = 'campaign_day'
),

shop_days as (
    select * from {{ ref('int_shop_days') }}
),

connections as (
    select * from {{ ref('int_connections_synced') }}
),

-- A file or a list of orders has those of the days before it was loaded.
file_fetches as (
    select
        chunks.connection_id,
        max(chunks.fetch_started_at) as last_fetch_at
    from (select *, {{ stream_level() }} as level from {{ ref('int_record_chunks') }}) as chunks
    inner join {{ ref('stg_registry__platforms') }} as platforms on chunks.platform = platforms.platform
    where platforms.category in ('file', 'crm') and chunks.level = 'order_records'
    group by chunks.connection_id
),

document_days as (
    select organization_id, platform, connection_id, date_day from {{ ref('int_orders_unioned') }}
    union
    select organization_id, platform, connection_id, date_day from {{ ref('int_refunds_unioned') }}
    union
    select organization_id, platform, connection_id, date_day from {{ ref('int_shop_days') }}
),

sales_days as (
    select
        document_days.organization_id,
        document_days.platform,
        document_days.connection_id,
        document_days.date_day,
        shop_days.connection_id is not null
        or coalesce(
            file_fetches.last_fetch_at
            >= {{ local_to_instant('cast(' ~ add_days('document_days.date_day', 1) ~ ' as timestamp)', "coalesce(connections.time_zone, 'UTC')") }},
            false
        ) as is_complete,
        hidden_days.orders_hidden_before
    from document_days
    left join shop_days
        on document_days.connection_id = shop_days.connection_id and document_days.date_day = shop_days.date_day
    left join {{ ref('int_hidden_order_days') }} as hidden_days
        on document_days.connection_id = hidden_days.connection_id and document_days.date_day = hidden_days.date_day
    left join file_fetches on document_days.connection_id = file_fetches.connection_id
    left join connections on document_days.connection_id = connections.connection_id
),

days as (
    select
        organization_id,
        platform,
        connection_id,
        date_day,
        is_complete,
        cast(null as date) as orders_hidden_before,
        false as is_shop,
        age_days,
        is_past_lookback
    from report_days
    union all
    select
        organization_id,
        platform,
        connection_id,
        date_day,
        is_complete,
        orders_hidden_before,
        true as is_shop,
        cast(null as integer) as age_days,
        cast(null as boolean) as is_past_lookback
    from sales_days
)

select * from days
