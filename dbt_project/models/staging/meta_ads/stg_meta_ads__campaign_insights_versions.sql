-- Every committed version of the campaign numbers, not the winning one alone: what restatements are
-- learnt from.

with

source as (
    {{ committed_rows('meta_ads', 'campaign_insights', ['campaign_id'], values=[
        'impressions', 'clicks', 'spend', 'inline_link_clicks', 'inline_post_engagement',
        'actions', 'action_values', 'outbound_clicks', 'reach', 'frequency',
        'unique_outbound_clicks', 'video_p25_watched_actions', 'video_p50_watched_actions',
        'video_p75_watched_actions', 'video_p100_watched_actions',
        'video_thruplay_watched_actions', 'attribution_setting',
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

        -- numbers
        {{ meta_counts() }},

        -- dates
        date as date_day,

        -- lineage
        _sync_id,
        _chunk_id
    from source
)

select * from renamed
