{{ config(key=['hour_of_day'], order_by=['time_key']) }}

with

dirty_keys as (
    {% call dirty_keys() %}
    {%- for hour in range(24) %}
    select {{ hour }} as hour_of_day, 'always' as fingerprint{{ " union all" if not loop.last }}
    {%- endfor %}
    {% endcall %}
),

hours as (
    select
        cast(hour_of_day * 100 as integer) as time_key,
        hour_of_day,
        concat(lpad(cast(hour_of_day as varchar), 2, '0'), ':00') as label_24h,
        concat(
            cast(case when hour_of_day % 12 = 0 then 12 else hour_of_day % 12 end as varchar),
            ' ',
            case when hour_of_day < 12 then 'AM' else 'PM' end
        ) as label_12h,
        case when hour_of_day < 12 then 'AM' else 'PM' end as am_pm,
        case
            when hour_of_day between 6 and 11 then 'morning'
            when hour_of_day between 12 and 16 then 'afternoon'
            when hour_of_day between 17 and 20 then 'evening'
            else 'night'
        end as day_part,
        hour_of_day between 9 and 16 as is_business_hour
    from dirty_keys
)

select * from hours
