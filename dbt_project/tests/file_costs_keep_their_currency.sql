-- What a costs file states in a currency is in the fact in that currency, and converted by its rate.

{{ config(meta={'dagster': {'ref': {'name': 'fact_campaign_performance'}}}) }}

with

staged as (
    select
        connection_id,
        date_day,
        campaign_id,
        currency_code,
        sum(spend) as spend
    from {{ ref('stg_files__costs') }}
    group by connection_id, date_day, campaign_id, currency_code
),

facts as (
    select
        facts.connection_id,
        facts.date_day,
        facts.campaign_id,
        facts.currency_code,
        facts.spend,
        facts.exchange_rate,
        case
            when facts.currency_code = facts.reporting_currency then 1
            else rates.exchange_rate
        end as rate_of_currency
    from {{ ref('fact_campaign_performance') }} as facts
    left join {{ ref('fact_exchange_rates') }} as rates
        on
            facts.date_day = rates.date_day
            and facts.currency_code = rates.from_currency
            and facts.reporting_currency = rates.to_currency
    where facts.platform = 'files'
)

select
    coalesce(staged.connection_id, facts.connection_id) as connection_id,
    coalesce(staged.date_day, facts.date_day) as date_day,
    coalesce(staged.campaign_id, facts.campaign_id) as campaign_id,
    staged.currency_code as stated_currency,
    facts.currency_code
from staged
full outer join facts
    on
        staged.connection_id = facts.connection_id
        and staged.date_day = facts.date_day
        and staged.campaign_id = facts.campaign_id
where
    staged.connection_id is null
    or facts.connection_id is null
    or nullif(staged.currency_code, '') is distinct from nullif(facts.currency_code, '')
    or facts.exchange_rate is distinct from facts.rate_of_currency
