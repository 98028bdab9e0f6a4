-- Keywords are some of what their ad group did, places and devices what the campaign did. Reports that
-- were fetched at different times may differ for a while, hence a warning; what lasts is a fault.

{{ config(severity='warn', meta={'dagster': {'ref': {'name': 'fact_campaign_performance'}}}) }}

with

wholes as (
    select
        'fact_keyword_performance' as part,
        connection_id,
        date_day,
        campaign_key,
        impressions
    from {{ ref('fact_ad_group_performance') }}
    union all
    select
        part.name as part,
        campaigns.connection_id,
        campaigns.date_day,
        campaigns.campaign_key,
        campaigns.impressions
    from {{ ref('fact_campaign_performance') }} as campaigns
    cross join (select 'fact_geo_performance' as name union all select 'devices') as part
),

whole_days as (
    select
        part,
        connection_id,
        date_day,
        campaign_key,
        sum(impressions) as impressions
    from wholes
    group by part, connection_id, date_day, campaign_key
),

parts as (
    select
        'fact_keyword_performance' as part,
        connection_id,
        date_day,
        campaign_key,
        impressions
    from {{ ref('fact_keyword_performance') }}
    union all
    select
        'fact_geo_performance' as part,
        connection_id,
        date_day,
        campaign_key,
        impressions
    from {{ ref('fact_geo_performance') }}
    union all
    select
        'devices' as part,
        connection_id,
        date_day,
        campaign_key,
        mobile_impressions + desktop_impressions + tablet_impressions as impressions
    from {{ ref('fact_campaign_performance') }}
    where mobile_impressions is not null
),

part_days as (
    select
        part,
        connection_id,
        date_day,
        campaign_key,
        sum(impressions) as impressions
    from parts
    group by part, connection_id, date_day, campaign_key
)

select
    part_days.*,
    coalesce(whole_days.impressions, 0) as whole_impressions
from part_days
left join whole_days
    on
        part_days.part = whole_days.part
        and part_days.connection_id = whole_days.connection_id
        and part_days.date_day = whole_days.date_day
        and part_days.campaign_key = whole_days.campaign_key
where part_days.impressions > coalesce(whole_days.impressions, 0)
