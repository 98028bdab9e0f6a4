-- Everything that the rows of a reported day depend on: its winning sync, and what its money is
-- converted with.

with

winners as (
    select * from {{ ref('int_report_winners') }}
),

organizations as (
    select * from {{ ref('stg_registry__organizations') }}
),

rates as (
    select * from {{ ref('int_exchange_rates_crossed') }}
),

with_currency as (
    select
        winners.*,
        coalesce(organizations.reporting_currency, 'USD') as reporting_currency
    from winners
    left join organizations on winners.organization_id = organizations.organization_id
),

converted as (
    select
        with_currency.*,
        {{ stream_level() }} as level,
        case
            when with_currency.currency_code = with_currency.reporting_currency
                then cast(1 as decimal(38, 18))
            else rates.exchange_rate
        end as exchange_rate
    from with_currency
    left join rates
        on
            with_currency.date_day = rates.date_day
            and with_currency.currency_code = rates.from_currency
            and with_currency.reporting_currency = rates.to_currency
),

fingerprinted as (
    select
        *,
        {{ fingerprint([
            'organization_id', 'platform', 'account_id', 'sync_id', 'chunk_id', 'currency_code',
            'time_zone', 'reporting_currency', 'exchange_rate',
        ]) }} as fingerprint
    from converted
)

select * from fingerprinted
