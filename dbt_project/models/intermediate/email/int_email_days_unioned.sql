{{ config(materialized='table') }}

-- A table: to plan the SQL above it takes DuckDB longer than to run it, and the fact and the dimension would each do so.
-- What mail came to by day, of every platform, with what its money is converted by.

with

reported as (
    {{ union_of('email_day') }}
),

stats as (
    select * from reported
    union all by name
    select * from {{ ref('int_email_report_differences') }}
),

organizations as (
    select * from {{ ref('stg_registry__organizations') }}
),

with_currency as (
    select
        stats.*,
        coalesce(organizations.reporting_currency, 'USD') as reporting_currency
    from stats
    left join organizations on stats.organization_id = organizations.organization_id
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
