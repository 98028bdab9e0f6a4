-- Every committed version of the campaign numbers, not the winning one alone: what restatements are
-- learnt from.

with

source as (
    {{ committed_rows('google_ads', 'campaign_stats', ['campaign_id'], values=[
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

        -- numbers
        impressions,
        clicks,
        {{ micros('cost_micros') }} as spend,
        {{ exact('conversions') }} as conversions,
        {{ exact('conversions_value') }} as conversion_value,

        -- dates
        date as date_day,

        -- lineage
        _sync_id,
        _chunk_id
    from source
)

select * from renamed
