{{ config(key=['date_day'], order_by=['date_day', 'from_currency', 'to_currency']) }}

with

dirty_keys as (
    {% call dirty_keys() %}
    select date_day, fingerprint from {{ state_of('int_exchange_rates_crossed') }}
    {% endcall %}
),

rates as (
    select * from {{ ref('int_exchange_rates_crossed') }}
),

final as (
    select
        rates.date_day,
        {{ date_key('rates.date_day') }} as date_key,
        rates.from_currency,
        rates.to_currency,
        rates.exchange_rate,
        rates.rate_date,
        rates.provider,
        rates._sync_id,
        rates.own_rate_from
    from rates
    inner join dirty_keys on rates.date_day = dirty_keys.date_day
)

select * from final
