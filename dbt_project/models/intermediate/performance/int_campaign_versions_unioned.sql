-- One CTE per platform, as in int_campaign_performance_unioned, but every version ever committed.

with

google_ads as (
    select
        organization_id,
        connection_id,
        platform,
        account_id,
        campaign_id,
        date_day,
        {{ unreported('varchar') }} as stated_currency,
        impressions,
        clicks,
        spend,
        conversions,
        conversion_value,
        _sync_id,
        _chunk_id
    from {{ ref('stg_google_ads__campaign_stats_versions') }}
),

meta_ads as (
    select
        organization_id,
        connection_id,
        platform,
        account_id,
        campaign_id,
        date_day,
        {{ unreported('varchar') }} as stated_currency,
        impressions,
        clicks,
        spend,
        conversions,
        conversion_value,
        _sync_id,
        _chunk_id
    from {{ ref('stg_meta_ads__campaign_insights_versions') }}
),

files as (
    select
        organization_id,
        connection_id,
        platform,
        account_id,
        campaign_id,
        date_day,
        max(currency_code) as stated_currency,
        try_cast(sum(impressions) as bigint) as impressions,
        try_cast(sum(clicks) as bigint) as clicks,
        try_cast(coalesce(sum(spend), 0) as decimal(18, 6)) as spend,
        try_cast(sum(conversions) as decimal(18, 6)) as conversions,
        try_cast(sum(conversion_value) as decimal(18, 6)) as conversion_value,
        _sync_id,
        _chunk_id
    from {{ ref('stg_files__costs_versions') }}
    group by organization_id, connection_id, platform, account_id, campaign_id, date_day, _sync_id, _chunk_id
),

unioned as (
    select * from google_ads
    union all
    select * from meta_ads
    union all
    select * from files
)

select * from unioned
