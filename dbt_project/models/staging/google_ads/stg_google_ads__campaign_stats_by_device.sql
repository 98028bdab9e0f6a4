with

source as (
    {{ winning_rows('google_ads', 'campaign_stats_by_device', ['campaign_id', 'device', 'ad_network_type'], values=[
        'impressions', 'clicks', 'cost_micros', 'conversions', 'conversions_value',
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
        lower(coalesce(device, 'unknown')) as device,
        lower(coalesce(ad_network_type, 'unknown')) as network,
        currency_code,
        time_zone,

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
        _chunk_id,
        _synced_at
    from source
)

select * from renamed
