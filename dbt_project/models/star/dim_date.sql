{{ config(key=['calendar_year'], order_by=['date_day']) }}

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

holidays as (
    select
        cast(date_day as date) as date_day,
        string_agg(distinct country_code, ',' order by country_code) as holiday_countries,
        string_agg(distinct holiday_name, ', ' order by holiday_name) as holiday_names
    from {{ ref('holidays') }}
    group by cast(date_day as date)
),

described as (
    select
        {{ date_key('days.date_day') }} as date_key,
        days.date_day,
        day(days.date_day) as day_of_month,
        dayofyear(days.date_day) as day_of_year,
        {{ days_since_monday('days.date_day') }} as days_since_monday,
        weekofyear(days.date_day) as iso_week,
        month(days.date_day) as month_number,
        quarter(days.date_day) as quarter_number,
        days.calendar_year,
        holidays.holiday_countries,
        holidays.holiday_names
    from days
    left join holidays on days.date_day = holidays.date_day
),

named as (
    select
        date_key,
        date_day,
        day_of_month,
        day_of_year,
        cast(days_since_monday + 1 as integer) as iso_day_of_week,
        case days_since_monday
            {%- for name in ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] %}
            when {{ loop.index0 }} then '{{ name }}'
            {%- endfor %}
        end as day_name,
        days_since_monday >= 5 as is_weekend,
        iso_week,
        -- The ISO year is the year of the week's Thursday.
        year({{ add_days('date_day', '3 - days_since_monday') }}) as iso_year,
        {{ add_days('date_day', '-days_since_monday') }} as week_start,
        month_number,
        case month_number
            {%- for name in ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'] %}
            when {{ loop.index }} then '{{ name }}'
            {%- endfor %}
        end as month_name,
        cast(date_trunc('month', date_day) as date) as month_start,
        quarter_number,
        concat('Q', cast(quarter_number as varchar)) as quarter_name,
        calendar_year,
        holiday_countries is not null as is_holiday,
        holiday_countries,
        holiday_names
    from described
)

select * from named
