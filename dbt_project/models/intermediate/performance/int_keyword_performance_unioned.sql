-- One CTE per platform: its words on the left, ours on the right. A further search platform is one
-- more CTE and one more `union all`.

with

google_ads as (
    select
        organization_id,
        connection_id,
        platform,
        account_id,
        campaign_id,
        ad_group_id,
        keyword_id,
        keyword_text,
        match_type,
        date_day,
        impressions,
        clicks,
        spend,
        conversions,
        conversion_value,
        quality_score,
        _sync_id,
        _chunk_id,
        _synced_at
    from {{ ref('stg_google_ads__keyword_stats') }}
),

unioned as (
    select * from google_ads
)

select * from unioned
