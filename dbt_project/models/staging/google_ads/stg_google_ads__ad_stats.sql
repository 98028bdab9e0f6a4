with

source as (
    {{ winning_rows('google_ads', 'ad_stats', ['campaign_id', 'ad_group_id', 'ad_id'], values=[
        'impressions', 'clicks', 'cost_micros', 'conversions', 'conversions_value',
        'interactions', 'video_trueview_views', 'view_through_conversions',
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
        ad_group_id,
        ad_id,

        -- strings
        currency_code,
        time_zone,

        -- numbers
        impressions,
        clicks,
        interactions as engagements,
        video_trueview_views as video_views,
        view_through_conversions,
        {{ micros('cost_micros') }} as spend,
        {{ exact('conversions') }} as conversions,
        {{ exact('conversions_value') }} as conversion_value,

        -- dates and hours
        date as date_day,

        -- lineage
        _sync_id,
        _chunk_id,
        _synced_at
    from source
)

select * from renamed
