-- The additive numbers of each account's day as staged, before any model of ours touched them. One CTE
-- per platform.

with

google_ads as (
    select
        organization_id,
        platform,
        connection_id,
        account_id,
        date_day,
        _sync_id,
        _chunk_id,
        count(*) as row_count,
        sum(impressions) as impressions,
        sum(clicks) as clicks,
        sum(spend) as spend,
        sum(conversions) as conversions,
        sum(conversion_value) as conversion_value
    from {{ ref('stg_google_ads__campaign_stats') }}
    group by organization_id, platform, connection_id, account_id, date_day, _sync_id, _chunk_id
),

meta_ads as (
    select
        organization_id,
        platform,
        connection_id,
        account_id,
        date_day,
        _sync_id,
        _chunk_id,
        count(*) as row_count,
        sum(impressions) as impressions,
        sum(clicks) as clicks,
        sum(spend) as spend,
        sum(conversions) as conversions,
        sum(conversion_value) as conversion_value
    from {{ ref('stg_meta_ads__campaign_insights') }}
    group by organization_id, platform, connection_id, account_id, date_day, _sync_id, _chunk_id
),

-- A file's rows of one campaign are one fact, unknown where its sum has more digits than a fact.
file_campaigns as (
    select
        organization_id,
        platform,
        connection_id,
        account_id,
        campaign_id,
        date_day,
        _sync_id,
        _chunk_id,
        {{ exact_sum('impressions', 'bigint') }} as impressions,
        {{ exact_sum('clicks', 'bigint') }} as clicks,
        {{ whole_sum('spend', 'decimal(18, 6)') }} as spend,
        {{ exact_sum('conversions', 'decimal(18, 6)') }} as conversions,
        {{ exact_sum('conversion_value', 'decimal(18, 6)') }} as conversion_value
    from {{ ref('stg_files__costs') }}
    group by organization_id, platform, connection_id, account_id, campaign_id, date_day, _sync_id, _chunk_id
),

files as (
    select
        organization_id,
        platform,
        connection_id,
        account_id,
        date_day,
        _sync_id,
        _chunk_id,
        count(*) as row_count,
        sum(impressions) as impressions,
        sum(clicks) as clicks,
        sum(spend) as spend,
        sum(conversions) as conversions,
        sum(conversion_value) as conversion_value
    from file_campaigns
    group by organization_id, platform, connection_id, account_id, date_day, _sync_id, _chunk_id
),

unioned as (
    select * from google_ads
    union all
    select * from meta_ads
    union all
    select * from files
)

select * from unioned
