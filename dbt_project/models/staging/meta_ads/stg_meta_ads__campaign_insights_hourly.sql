with

source as (
    {{ winning_rows('meta_ads', 'campaign_insights_hourly', ['campaign_id', 'hour_range'], values=[
        'impressions', 'clicks', 'spend', 'inline_link_clicks', 'inline_post_engagement',
        'actions', 'action_values', 'outbound_clicks', 'hour',
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

        -- strings
        currency_code,
        time_zone,
        hour_range,

        -- numbers
        {{ meta_counts() }},
        {{ meta_reactions() }},

        -- dates and hours
        date as date_day,
        case when hour between 0 and 23 then hour end as local_hour,

        -- lineage
        _sync_id,
        _chunk_id,
        _synced_at
    from source
)

select * from renamed
