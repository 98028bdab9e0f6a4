with

source as (
    {{ winning_rows('meta_ads', 'ad_insights', ['campaign_id', 'ad_set_id', 'ad_id'], values=[
        'impressions', 'clicks', 'spend', 'inline_link_clicks', 'inline_post_engagement',
        'actions', 'action_values', 'outbound_clicks', 'reach', 'frequency',
        'unique_outbound_clicks', 'video_p25_watched_actions', 'video_p50_watched_actions',
        'video_p75_watched_actions', 'video_p100_watched_actions',
        'video_thruplay_watched_actions', 'attribution_setting', 'quality_ranking',
        'engagement_rate_ranking', 'conversion_rate_ranking',
    ]) }}
),

renamed as (
    select
        -- ids
        _organization_id as organization_id,
        _connection_id as connection_id,
        platform,
        account_id,
        campaign_id,
        ad_set_id as ad_group_id,
        ad_id,

        -- strings
        currency_code,
        time_zone,
        attribution_setting,
        quality_ranking,
        engagement_rate_ranking as engagement_ranking,
        conversion_rate_ranking as conversion_ranking,

        -- numbers
        {{ meta_counts() }},
        {{ meta_reactions() }},
        {{ meta_audience() }},

        -- dates
        date as date_day,

        -- lineage
        _sync_id,
        _chunk_id,
        _synced_at
    from source
)

select * from renamed
