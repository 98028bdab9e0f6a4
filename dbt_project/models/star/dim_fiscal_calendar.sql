{{ config(key=['calendar_year'], order_by=['fiscal_year_start_month', 'date_day']) }}

with

dirty_keys as (
    {% call dirty_keys() %}
    select 'always' as fingerprint, calendar_year
    from (
        select distinct year(date_day) as calendar_year
        from (select {{ each_date("cast('" ~ var('calendar_start') ~ "' as date)", "cast('" ~ var('calendar_end') ~ "' as date)") }} as date_day) as days
    ) as years
    {% endcall %}
),

days as (
    select
        dirty_keys.calendar_year,
        {{ each_date('make_date(dirty_keys.calendar_year, 1, 1)', 'make_date(dirty_keys.calendar_year, 12, 31)') }} as date_day
    from dirty_keys
),

start_months as (
    {%- for month in range(1, 13) %}
    select {{ month }} as fiscal_year_start_month{{ " union all" if not loop.last }}
    {%- endfor %}
),

shifted as (
    select
        start_months.fiscal_year_start_month,
        days.date_day,
        days.calendar_year,
        (month(days.date_day) - start_months.fiscal_year_start_month + 12) % 12 as months_into_year
    from days
    cross join start_months
),

named as (
    select
        fiscal_year_start_month,
        date_day,
        {{ date_key('date_day') }} as date_key,
        calendar_year,
        -- Named after the calendar year in which it ends.
        cast(
            calendar_year
            + case
                when fiscal_year_start_month = 1 then 0
                when month(date_day) >= fiscal_year_start_month then 1
                else 0
            end as integer
        ) as fiscal_year,
        cast(floor(months_into_year / 3) + 1 as integer) as fiscal_quarter,
        cast(months_into_year + 1 as integer) as fiscal_month
    from shifted
)

select * from named
