{{ config(materialized='dirty_keys', key=['date_day']) }}

-- A day has the rate of the last day on which both currencies were published, at most
-- `exchange_rate_max_age_days` before it. A cross rate is divided once, here, in whole numbers: its 18
-- decimals are those of the exact quotient, rounded half up. An own rate fills what the reference rates
-- lack: it is crossed with them over its base, so in euro it is rounded once to 8 decimals; into its base
-- it is exact.

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
            ),
            max(own_rates.fingerprint)
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
    left join (
        select
            date_day,
            cast({{ set_fingerprint(['currency_code', 'base_currency', 'units_per_base', 'provider', 'own_rate_from']) }} as varchar) as fingerprint
        from {{ ref('int_own_rates_by_day') }}
        group by date_day
    ) as own_rates
        on days.date_day = own_rates.date_day
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
        crossed._sync_id,
        'European Central Bank' as provider,
        cast(null as date) as own_rate_from
    from rate_dates
    inner join crossed on rate_dates.rate_date = crossed.rate_date
    qualify row_number() over (
        partition by rate_dates.date_day, crossed.from_currency, crossed.to_currency
        order by crossed.rate_date desc
    ) = 1
),

-- An own rate on each of the days that its base may be taken from; one whose product no rate's type holds
-- is unknown.
own as (
    select
        rate_dates.date_day,
        rate_dates.rate_date,
        own_rates.currency_code,
        own_rates.base_currency,
        own_rates.units_per_base,
        try_cast(own_rates.units_per_base * with_euro.units_per_euro as decimal(20, 8)) as units_per_euro,
        own_rates.provider,
        own_rates.own_rate_from,
        with_euro._sync_id
    from rate_dates
    inner join {{ ref('int_own_rates_by_day') }} as own_rates on rate_dates.date_day = own_rates.date_day
    inner join with_euro
        on
            rate_dates.rate_date = with_euro.rate_date
            and own_rates.base_currency = with_euro.currency_code
),

own_crossed as (
    -- out of an own currency
    select
        own.date_day,
        own.currency_code as from_currency,
        to_rates.currency_code as to_currency,
        case
            when own.base_currency = to_rates.currency_code
                then {{ rounded_quotient('cast(1 as decimal(20, 8))', 'own.units_per_base') }}
            else {{ rounded_quotient('to_rates.units_per_euro', 'own.units_per_euro') }}
        end as exchange_rate,
        own.rate_date,
        own._sync_id,
        own.provider,
        own.own_rate_from
    from own
    inner join with_euro as to_rates on own.rate_date = to_rates.rate_date
    inner join reporting_currencies on to_rates.currency_code = reporting_currencies.reporting_currency
    where own.units_per_euro > 0
    union all
    -- into an own currency
    select
        own.date_day,
        from_rates.currency_code as from_currency,
        own.currency_code as to_currency,
        case
            when own.base_currency = from_rates.currency_code
                then {{ rounded_quotient('own.units_per_base', 'cast(1 as decimal(20, 8))') }}
            else {{ rounded_quotient('own.units_per_euro', 'from_rates.units_per_euro') }}
        end as exchange_rate,
        own.rate_date,
        own._sync_id,
        own.provider,
        own.own_rate_from
    from own
    inner join with_euro as from_rates on own.rate_date = from_rates.rate_date
    inner join reporting_currencies on own.currency_code = reporting_currencies.reporting_currency
    where own.units_per_euro > 0
    union all
    -- between two of them
    select
        own.date_day,
        own.currency_code as from_currency,
        to_own.currency_code as to_currency,
        {{ rounded_quotient('to_own.units_per_euro', 'own.units_per_euro') }} as exchange_rate,
        own.rate_date,
        own._sync_id,
        case when own.provider = to_own.provider then own.provider else concat_ws(', ', own.provider, to_own.provider) end as provider,
        greatest(own.own_rate_from, to_own.own_rate_from) as own_rate_from
    from own
    inner join own as to_own on own.date_day = to_own.date_day and own.rate_date = to_own.rate_date
    inner join reporting_currencies on to_own.currency_code = reporting_currencies.reporting_currency
    where own.units_per_euro > 0 and to_own.units_per_euro > 0
),

-- Where there is a reference rate it is the one, however old it may be.
filled as (
    select own_crossed.*
    from own_crossed
    left join carried
        on
            own_crossed.date_day = carried.date_day
            and own_crossed.from_currency = carried.from_currency
            and own_crossed.to_currency = carried.to_currency
    where carried.date_day is null and own_crossed.exchange_rate > 0
    qualify row_number() over (
        partition by own_crossed.date_day, own_crossed.from_currency, own_crossed.to_currency
        order by own_crossed.rate_date desc
    ) = 1
),

all_rates as (
    select
        date_day,
        from_currency,
        to_currency,
        exchange_rate,
        rate_date,
        _sync_id,
        provider,
        own_rate_from
    from carried
    union all
    select
        date_day,
        from_currency,
        to_currency,
        exchange_rate,
        rate_date,
        _sync_id,
        provider,
        own_rate_from
    from filled
)

select * from all_rates
