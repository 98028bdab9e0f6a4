-- Of the own rates of a currency that hold on a day the one that begins last. Its days are those that the
-- reference rates reach, for it is crossed with them.

{% set max_age = var('exchange_rate_max_age_days') | int %}

with

own_rates as (
    select * from {{ ref('stg_registry__own_rates') }}
),

reached as (
    select distinct {{ each_date('date_day', add_days('date_day', max_age)) }} as date_day
    from {{ ref('int_report_winners') }}
    where
        platform = 'exchange_rates'
        and stream = 'reference_rates'
        and date_day >= {{ add_days("cast('" ~ var('exchange_rates_start') ~ "' as date)", -max_age) }}
),

by_day as (
    select
        reached.date_day,
        own_rates.currency_code,
        own_rates.base_currency,
        own_rates.units_per_base,
        own_rates.provider,
        own_rates.own_rate_from
    from reached
    inner join own_rates on reached.date_day between own_rates.own_rate_from and own_rates.own_rate_to
    qualify row_number() over (
        partition by reached.date_day, own_rates.currency_code
        order by own_rates.own_rate_from desc
    ) = 1
)

select * from by_day
