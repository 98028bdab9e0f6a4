-- What no rate converts is lost nowhere: facts and mart_unconverted_amounts have the same of it, by currency.

{{ config(meta={'dagster': {'ref': {'name': 'mart_unconverted_amounts'}}}) }}

with

facts as (
    select
        organization_id,
        date_day,
        'spend' as measure,
        currency_code,
        spend as amount
    from {{ ref('fact_campaign_performance') }}
    where spend <> 0 and spend_reporting is null
    union all
    select
        organization_id,
        date_day,
        'net_revenue' as measure,
        currency_code,
        net_amount as amount
    from {{ ref('fact_orders') }}
    where is_counted and net_amount <> 0 and net_amount_reporting is null
    union all
    select
        organization_id,
        date_day,
        'net_revenue' as measure,
        currency_code,
        -net_amount - adjustment_amount as amount
    from {{ ref('fact_refunds') }}
    where is_counted and net_amount + adjustment_amount <> 0 and net_amount_reporting + adjustment_amount_reporting is null
),

of_facts as (
    select
        organization_id,
        date_day,
        measure,
        coalesce(currency_code, 'unknown') as currency_code,
        sum(amount) as amount
    from facts
    group by organization_id, date_day, measure, coalesce(currency_code, 'unknown')
),

of_mart as (
    select
        organization_id,
        date_day,
        measure,
        currency_code,
        sum(amount) as amount
    from {{ ref('mart_unconverted_amounts') }}
    where measure in ('spend', 'net_revenue')
    group by organization_id, date_day, measure, currency_code
),

wrong as (
    select
        coalesce(of_facts.organization_id, of_mart.organization_id) as organization_id,
        coalesce(of_facts.date_day, of_mart.date_day) as date_day,
        coalesce(of_facts.measure, of_mart.measure) as measure,
        of_facts.amount as fact_amount,
        of_mart.amount as mart_amount
    from of_facts
    full outer join of_mart
        on
            of_facts.organization_id = of_mart.organization_id
            and of_facts.date_day = of_mart.date_day
            and of_facts.measure = of_mart.measure
            and of_facts.currency_code = of_mart.currency_code
    where of_facts.amount is distinct from of_mart.amount
)

select * from wrong
