-- All spend has a home: what no list or rule places is in `unattributed`, not lost in a join.

{{ config(meta={'dagster': {'ref': {'name': 'mart_organization_daily_metrics'}}}) }}

with

facts as (
    select
        organization_id,
        date_day,
        sum(impressions) as impressions
    from {{ ref('fact_campaign_performance') }}
    group by organization_id, date_day
),

channels as (
    select
        organization_id,
        date_day,
        sum(value) as impressions
    from {{ ref('mart_daily_aggregates') }}
    where metric = 'impressions'
    group by organization_id, date_day
)

select
    coalesce(facts.organization_id, channels.organization_id) as organization_id,
    coalesce(facts.date_day, channels.date_day) as date_day,
    facts.impressions as fact_impressions,
    channels.impressions as mart_impressions
from facts
full outer join channels
    on facts.organization_id = channels.organization_id and facts.date_day = channels.date_day
where facts.impressions is distinct from channels.impressions
