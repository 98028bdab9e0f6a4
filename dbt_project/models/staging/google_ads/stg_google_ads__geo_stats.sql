-- Two kinds of row stand side by side: whole countries, and the regions that are parts of them.

with

source as (
    {{ winning_rows('google_ads', 'geo_stats', ['campaign_id', 'country_criterion_id', 'location_type', 'geo_target_region'], values=[
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
        nullif(country_criterion_id, '') as country_id,
        nullif(replace(geo_target_region, 'geoTargetConstants/', ''), '') as region_id,

        -- strings and flags
        location_type,
        geo_target_region = '' as is_whole_country,
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
