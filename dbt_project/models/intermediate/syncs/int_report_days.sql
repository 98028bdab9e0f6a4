-- Everything that the rows of a reported day depend on: its winning sync, and what its money is
-- converted with. No two days have the same fingerprint, so that what depends on many days sees which one changed.

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
        {{ stream_states_currency() }} as states_currency,
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

-- A campaign's day also shows its numbers by other cuts (age and gender, device), each from a stream
-- that has winners of its own.
breakdowns as (
    select
        connection_id,
        date_day,
        {{ set_fingerprint(['stream', 'sync_id', 'chunk_id']) }} as fingerprint
    from converted
    where level in ('campaign_device_day', 'campaign_demographic_day')
    group by connection_id, date_day
),

-- Which currencies the rows of a day state is in the rows: all rates of the day are what they may need.
rates_of_day as (
    select
        date_day,
        to_currency,
        {{ set_fingerprint(['from_currency', 'exchange_rate']) }} as fingerprint
    from rates
    group by date_day, to_currency
),

fingerprinted as (
    select
        converted.*,
        {{ fingerprint([
            'converted.organization_id', 'converted.platform', 'converted.account_id', 'converted.date_day',
            'converted.sync_id', 'converted.chunk_id', 'converted.currency_code', 'converted.time_zone',
            'converted.reporting_currency', 'converted.exchange_rate', 'breakdowns.fingerprint',
            'rates_of_day.fingerprint',
        ]) }} as fingerprint
    from converted
    left join breakdowns
        on
            converted.connection_id = breakdowns.connection_id
            and converted.date_day = breakdowns.date_day
            and converted.level = 'campaign_day'
    left join rates_of_day
        on
            converted.states_currency
            and converted.date_day = rates_of_day.date_day
            and converted.reporting_currency = rates_of_day.to_currency
)

select * from fingerprinted
