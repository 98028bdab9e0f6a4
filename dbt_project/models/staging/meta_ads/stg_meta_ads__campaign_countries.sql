with

source as (
    {{ winning_rows('meta_ads', 'campaign_countries', ['campaign_id', 'country'], values=[
        'impressions', 'clicks', 'spend', 'actions', 'action_values',
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
        nullif(country, 'unknown') as country_id,
        -- Regions come without their country and without conversions: they would be the same numbers once more.
        {{ unreported('varchar') }} as region_id,

        -- strings
        'LOCATION_OF_PRESENCE' as location_type,
        currency_code,
        time_zone,

        -- numbers
        {{ meta_counts() }},

        -- dates
        date as date_day,

        -- lineage
        _sync_id,
        _chunk_id,
        _synced_at
    from source
)

select * from renamed
