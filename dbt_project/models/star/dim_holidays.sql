{{ config(key=['country_code'], order_by=['country_code', 'date_day']) }}

with

dirty_keys as (
    {% call dirty_keys() %}
    select distinct country_code, 'always' as fingerprint from {{ ref('holidays') }}
    {% endcall %}
),

holidays as (
    select
        holidays.country_code,
        cast(holidays.date_day as date) as date_day,
        {{ date_key('cast(holidays.date_day as date)') }} as date_key,
        holidays.holiday_name
    from {{ ref('holidays') }} as holidays
    inner join dirty_keys on holidays.country_code = dirty_keys.country_code
)

select * from holidays
