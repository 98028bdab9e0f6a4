-- Every place that facts show, with what the current lists say of it; a place that no list names has
-- its id only.

with

shown as (
    select
        organization_id,
        platform,
        coalesce(region_id, country_id, 'unknown') as location_id
    from {{ ref('fact_geo_performance') }}
    union
    select
        organization_id,
        platform,
        coalesce(country_id, 'unknown') as location_id
    from {{ ref('fact_geo_performance') }}
),

-- Without a list (Meta) a country is its code.
coded as (
    select
        *,
        length(location_id) = 2 and lower(location_id) <> upper(location_id) as is_country_code
    from shown
),

listed as (
    select * from {{ ref('int_locations_unioned') }}
),

named as (
    select
        coded.organization_id,
        coded.platform,
        coded.location_id,
        case
            when coded.location_id = 'unknown' then 'Unknown place'
            when coded.is_country_code then coalesce(listed.location_name, upper(coded.location_id))
            else coalesce(listed.location_name, concat('Place ', coded.location_id))
        end as location_name,
        listed.canonical_name,
        listed.target_type,
        coalesce(listed.country_code, case when coded.is_country_code then upper(coded.location_id) end) as country_code,
        listed.parent_location_id,
        listed.location_id is null as is_inferred
    from coded
    left join listed
        on
            coded.organization_id = listed.organization_id
            and coded.platform = listed.platform
            and coded.location_id = listed.location_id
)

select * from named
