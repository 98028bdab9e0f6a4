-- One CTE per platform: its words on the left, ours on the right. A further platform is one more
-- CTE and one more `union all`.

with

google_ads as (
    select
        stats.organization_id,
        stats.connection_id,
        stats.platform,
        stats.account_id,
        stats.campaign_id,
        stats.date_day,
        {{ unreported('varchar') }} as stated_currency,
        stats.impressions,
        stats.clicks,
        stats.spend,
        stats.conversions,
        stats.conversion_value,
        stats.view_through_conversions,
        stats.interactions as engagements,
        {{ unreported('bigint') }} as likes,
        {{ unreported('bigint') }} as shares,
        {{ unreported('bigint') }} as comments,
        stats.video_views,
        {{ unreported('bigint') }} as video_views_25,
        {{ unreported('bigint') }} as video_views_50,
        {{ unreported('bigint') }} as video_views_75,
        {{ unreported('bigint') }} as video_views_100,
        {{ unreported('bigint') }} as video_completions,
        devices.mobile_impressions,
        devices.desktop_impressions,
        devices.tablet_impressions,
        {{ unreported('bigint') }} as reach,
        {{ unreported('decimal(18, 6)') }} as frequency,
        {{ unreported('decimal(18, 6)') }} as quality_score,
        {{ unreported('decimal(18, 6)') }} as relevance_score,
        {{ unreported('varchar') }} as demographics,
        stats._sync_id,
        stats._chunk_id,
        stats._synced_at
    from {{ ref('stg_google_ads__campaign_stats') }} as stats
    left join {{ ref('int_campaign_devices') }} as devices
        on
            stats.connection_id = devices.connection_id
            and stats.campaign_id = devices.campaign_id
            and stats.date_day = devices.date_day
),

meta_ads as (
    select
        stats.organization_id,
        stats.connection_id,
        stats.platform,
        stats.account_id,
        stats.campaign_id,
        stats.date_day,
        {{ unreported('varchar') }} as stated_currency,
        stats.impressions,
        stats.clicks,
        stats.spend,
        stats.conversions,
        stats.conversion_value,
        {{ unreported('bigint') }} as view_through_conversions,
        stats.engagements,
        stats.likes,
        stats.shares,
        stats.comments,
        stats.video_views,
        stats.video_views_25,
        stats.video_views_50,
        stats.video_views_75,
        stats.video_views_100,
        stats.video_completions,
        {{ unreported('bigint') }} as mobile_impressions,
        {{ unreported('bigint') }} as desktop_impressions,
        {{ unreported('bigint') }} as tablet_impressions,
        stats.reach,
        stats.frequency,
        {{ unreported('decimal(18, 6)') }} as quality_score,
        {{ unreported('decimal(18, 6)') }} as relevance_score,
        demographics.demographics,
        stats._sync_id,
        stats._chunk_id,
        stats._synced_at
    from {{ ref('stg_meta_ads__campaign_insights') }} as stats
    left join {{ ref('int_campaign_demographics') }} as demographics
        on
            stats.connection_id = demographics.connection_id
            and stats.campaign_id = demographics.campaign_id
            and stats.date_day = demographics.date_day
),

-- What no connected platform reports: a file's rows of one campaign are one. What none of them tells is
-- unknown, and not 0.
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
        {{ whole_sum('spend', 'decimal(18, 6)') }} as spend,
        try_cast(sum(conversions) as decimal(18, 6)) as conversions,
        try_cast(sum(conversion_value) as decimal(18, 6)) as conversion_value,
        {{ unreported('bigint') }} as view_through_conversions,
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
        max(_synced_at) as _synced_at
    from {{ ref('stg_files__costs') }}
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
