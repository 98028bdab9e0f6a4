-- One CTE per platform: its words on the left, ours on the right. A further platform is one more
-- CTE and one more `union all`.

with

google_ads as (
    select
        organization_id,
        connection_id,
        platform,
        account_id,
        campaign_id,
        ad_group_id,
        date_day,
        impressions,
        clicks,
        spend,
        conversions,
        conversion_value,
        view_through_conversions,
        {{ unreported('bigint') }} as engagements,
        {{ unreported('bigint') }} as likes,
        {{ unreported('bigint') }} as shares,
        {{ unreported('bigint') }} as comments,
        {{ unreported('bigint') }} as video_views,
        {{ unreported('bigint') }} as video_views_25,
        {{ unreported('bigint') }} as video_views_50,
        {{ unreported('bigint') }} as video_views_75,
        {{ unreported('bigint') }} as video_views_100,
        {{ unreported('bigint') }} as video_completions,
        {{ unreported('bigint') }} as mobile_impressions,
        {{ unreported('bigint') }} as desktop_impressions,
        {{ unreported('bigint') }} as tablet_impressions,
        {{ unreported('bigint') }} as reach,
        {{ unreported('decimal(18, 6)') }} as frequency,
        {{ unreported('decimal(18, 6)') }} as quality_score,
        {{ unreported('decimal(18, 6)') }} as relevance_score,
        {{ unreported('varchar') }} as demographics,
        _sync_id,
        _chunk_id,
        _synced_at
    from {{ ref('stg_google_ads__ad_group_stats') }}
),

meta_ads as (
    select
        organization_id,
        connection_id,
        platform,
        account_id,
        campaign_id,
        ad_set_id as ad_group_id,
        date_day,
        impressions,
        clicks,
        spend,
        conversions,
        conversion_value,
        {{ unreported('bigint') }} as view_through_conversions,
        engagements,
        likes,
        shares,
        comments,
        video_views,
        video_views_25,
        video_views_50,
        video_views_75,
        video_views_100,
        video_completions,
        {{ unreported('bigint') }} as mobile_impressions,
        {{ unreported('bigint') }} as desktop_impressions,
        {{ unreported('bigint') }} as tablet_impressions,
        reach,
        frequency,
        {{ unreported('decimal(18, 6)') }} as quality_score,
        {{ unreported('decimal(18, 6)') }} as relevance_score,
        {{ unreported('varchar') }} as demographics,
        _sync_id,
        _chunk_id,
        _synced_at
    from {{ ref('stg_meta_ads__ad_set_insights') }}
),

unioned as (
    select * from google_ads
    union all
    select * from meta_ads
)

select * from unioned
