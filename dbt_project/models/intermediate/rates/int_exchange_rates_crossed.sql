{{ config(materialized='dirty_keys', key=['date_day']) }}

-- A day has the rate of the last day on which both currencies were published, at most
-- `exchange_rate_max_age_days` before it. A cross rate is divided once, here, in whole numbers: its 18
-- decimals are those of the exact quotient, rounded half up.

{% set max_age = var('exchange_rate_max_age_days') | int %}

with

dirty_keys as (
    {% call dirty_keys() %}
    select
        days.date_day,
        concat_ws(
            '-',
            {{ set_fingerprint(['days.rate_date', 'days.sync_id', 'days.chunk_id']) }},
            (
                select string_agg(distinct reporting_currency, ',' order by reporting_currency)
                from {{ ref('stg_registry__organizations') }}
            )
        ) as fingerprint
    from (
        select
            date_day as rate_date,
            sync_id,
            chunk_id,
            {{ each_date('date_day', add_days('date_day', max_age)) }} as date_day
        from {{ ref('int_report_winners') }}
        where
            platform = 'exchange_rates'
            and stream = 'reference_rates'
            and date_day >= {{ add_days("cast('" ~ var('exchange_rates_start') ~ "' as date)", -max_age) }}
    ) as days
    group by days.date_day
    {% endcall %}
),

reference_rates as (
    select * from {{ ref('stg_exchange_rates__reference_rates') }}
),

reporting_currencies as (
    select distinct reporting_currency from {{ ref('stg_registry__organizations') }}
),

rate_dates as (
    select distinct
        dirty_keys.date_day,
        winners.date_day as rate_date,
        winners.sync_id
    from dirty_keys
    inner join {{ ref('int_report_winners') }} as winners
        on
            winners.date_day <= dirty_keys.date_day
            and winners.date_day >= {{ add_days('dirty_keys.date_day', -max_age) }}
    where winners.platform = 'exchange_rates' and winners.stream = 'reference_rates'
),

published as (
    select
        reference_rates.rate_date,
        reference_rates.currency_code,
        reference_rates.units_per_euro,
        reference_rates._sync_id
    from reference_rates
    inner join (select distinct rate_date, sync_id from rate_dates) as wanted
        on
            reference_rates.rate_date = wanted.rate_date
            and reference_rates._sync_id = wanted.sync_id
),

with_euro as (
    select * from published
    union all
    select distinct
        rate_date,
        'EUR' as currency_code,
        cast(1 as decimal(20, 8)) as units_per_euro,
        _sync_id
    from published
),

crossed as (
    select
        from_rates.rate_date,
        from_rates.currency_code as from_currency,
        to_rates.currency_code as to_currency,
        {{ rounded_quotient('to_rates.units_per_euro', 'from_rates.units_per_euro') }} as exchange_rate,
        from_rates._sync_id
    from with_euro as from_rates
    inner join with_euro as to_rates on from_rates.rate_date = to_rates.rate_date
    inner join reporting_currencies on to_rates.currency_code = reporting_currencies.reporting_currency
),

carried as (
    select
        rate_dates.date_day,
        crossed.from_currency,
        crossed.to_currency,
        crossed.exchange_rate,
        crossed.rate_date,
        crossed._sync_id
    from rate_dates
    inner join crossed on rate_dates.rate_date = crossed.rate_date
    qualify row_number() over (
        partition by rate_dates.date_day, crossed.from_currency, crossed.to_currency
        order by crossed.rate_date desc
    ) = 1
)

select * from carried
