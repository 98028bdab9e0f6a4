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
        impressions,
        clicks,
        spend,
        conversions,
        conversion_value,
        _sync_id,
        _chunk_id
    from {{ ref('stg_google_ads__campaign_stats_versions') }}
),

unioned as (
    select * from google_ads
)

select * from unioned
