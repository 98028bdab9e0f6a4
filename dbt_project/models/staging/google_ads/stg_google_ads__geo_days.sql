-- What a country has beyond its regions is in no region that Google could name; it is a row of its own, without
-- a region.

{% set measures = ['impressions', 'clicks', 'spend', 'conversions', 'conversion_value'] %}

with

stats as (
    select * from {{ ref('stg_google_ads__geo_stats') }}
),

regions as (
    select
        connection_id,
        campaign_id,
        date_day,
        country_id,
        location_type,
        {%- for measure in measures %}
        sum({{ measure }}) as {{ measure }}{{ "," if not loop.last }}
        {%- endfor %}
    from stats
    where not is_whole_country
    group by connection_id, campaign_id, date_day, country_id, location_type
),

rest as (
    select
        countries.*{% for measure in measures %},
        cast(
            coalesce(countries.{{ measure }}, 0) - coalesce(regions.{{ measure }}, 0)
            as {{ 'bigint' if measure in ['impressions', 'clicks'] else 'decimal(18, 6)' }}
        ) as rest_{{ measure }}{% endfor %}
    from stats as countries
    left join regions
        on
            countries.connection_id = regions.connection_id
            and countries.campaign_id = regions.campaign_id
            and countries.date_day = regions.date_day
            and countries.country_id is not distinct from regions.country_id
            and countries.location_type = regions.location_type
    where countries.is_whole_country
),

by_place as (
    select
        organization_id,
        connection_id,
        platform,
        account_id,
        campaign_id,
        country_id,
        region_id,
        location_type,
        date_day,
        {{ measures | join(',\n        ') }},
        _sync_id,
        _chunk_id,
        _synced_at
    from stats
    where not is_whole_country
    union all
    select
        organization_id,
        connection_id,
        platform,
        account_id,
        campaign_id,
        country_id,
        region_id,
        location_type,
        date_day,
        rest_{{ measures | join(',\n        rest_') }},
        _sync_id,
        _chunk_id,
        _synced_at
    from rest
    where
        rest_{{ measures | join(' <> 0\n        or rest_') }} <> 0
)

select * from by_place
