-- What a country has beyond its regions is in no region that Google could name; it is a row of its own, without
-- a region.

{{ parts_and_rest(
    'stg_google_ads__geo_stats',
    whole='is_whole_country',
    keys=['campaign_id', 'country_id', 'location_type'],
    parts=['region_id'],
) }}
