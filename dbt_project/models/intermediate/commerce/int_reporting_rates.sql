-- What a day's amounts in a currency are multiplied with to be in the organization's reporting currency;
-- null when no rate is known, never 1. Days and currencies are those of orders and refunds.

with

days as (
    select organization_id, currency_code, date_day from {{ ref('int_orders_unioned') }}
    union
    select organization_id, currency_code, date_day from {{ ref('int_refunds_unioned') }}
),

organizations as (
    select * from {{ ref('stg_registry__organizations') }}
),

with_currency as (
    select
        days.*,
        coalesce(organizations.reporting_currency, 'USD') as reporting_currency
    from days
    left join organizations on days.organization_id = organizations.organization_id
),

converted as (
    select
        with_currency.*,
        case
            when with_currency.currency_code = with_currency.reporting_currency
                then cast(1 as decimal(38, 18))
            else rates.exchange_rate
        end as exchange_rate
    from with_currency
    left join {{ ref('int_exchange_rates_crossed') }} as rates
        on
            with_currency.date_day = rates.date_day
            and with_currency.currency_code = rates.from_currency
            and with_currency.reporting_currency = rates.to_currency
)

select * from converted
