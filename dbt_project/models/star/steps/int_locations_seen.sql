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

listed as (
    select * from {{ ref('int_locations_unioned') }}
),

named as (
    select
        shown.organization_id,
        shown.platform,
        shown.location_id,
        case
            when shown.location_id = 'unknown' then 'Unknown place'
            else coalesce(listed.location_name, concat('Place ', shown.location_id))
        end as location_name,
        listed.canonical_name,
        listed.target_type,
        listed.country_code,
        listed.parent_location_id,
        listed.location_id is null as is_inferred
    from shown
    left join listed
        on
            shown.organization_id = listed.organization_id
            and shown.platform = listed.platform
            and shown.location_id = listed.location_id
)

select * from named
