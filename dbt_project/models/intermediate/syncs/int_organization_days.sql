{{ config(materialized='table') }}

-- A table, since most marts read it: DuckDB would plan a view's SQL again in each of them.
-- Which days of an organization are whole: of every active account that ever had one, until its last one.
-- A day of which an account has no data yet is no whole one, whatever the others have. An account's files come
-- when somebody drops one, so they hold back no day that they have no data of.

with

days as (
    select * from {{ ref('int_complete_days') }}
),

connections as (
    select * from {{ ref('stg_registry__connections') }}
),

reaching as (
    select
        days.organization_id,
        days.connection_id,
        max(case when days.is_complete then days.date_day end) as last_whole_day
    from days
    inner join connections on days.connection_id = connections.connection_id
    left join {{ ref('stg_registry__platforms') }} as platforms on connections.platform = platforms.platform
    where connections.status = 'active' and coalesce(platforms.category, '') <> 'file'
    group by days.organization_id, days.connection_id
),

reached as (
    select
        organization_id,
        min(coalesce(last_whole_day, cast('1900-01-01' as date))) as last_whole_day
    from reaching
    group by organization_id
),

judged as (
    select
        days.organization_id,
        days.date_day,
        min(case when days.is_complete then 1 else 0 end) = 1
        and days.date_day <= coalesce(max(reached.last_whole_day), days.date_day) as is_complete
    from days
    left join reached on days.organization_id = reached.organization_id
    group by days.organization_id, days.date_day
),

-- An organization is at home where its clock hangs; of other countries no holidays are known.
homes as (
    select
        organizations.organization_id,
        countries.country_code
    from {{ ref('stg_registry__organizations') }} as organizations
    inner join {{ ref('time_zone_countries') }} as countries on organizations.time_zone = countries.time_zone
),

holidays as (
    select
        country_code,
        cast(date_day as date) as date_day,
        string_agg(distinct holiday_name, ', ' order by holiday_name) as holiday_names
    from {{ ref('holidays') }}
    group by country_code, cast(date_day as date)
),

marked as (
    select
        judged.organization_id,
        judged.date_day,
        judged.is_complete,
        homes.country_code,
        case when homes.country_code is not null then holidays.date_day is not null end as is_holiday,
        holidays.holiday_names
    from judged
    left join homes on judged.organization_id = homes.organization_id
    left join holidays on homes.country_code = holidays.country_code and judged.date_day = holidays.date_day
)

select * from marked
