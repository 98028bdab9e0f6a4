-- The places that the current lists name, once per organization and platform: all accounts of a
-- platform know a place by the same id. One CTE per platform.

with

google_ads as (
    select
        organization_id,
        platform,
        connection_id,
        location_id,
        location_name,
        canonical_name,
        country_code,
        target_type,
        parent_location_id,
        _sync_id
    from {{ ref('stg_google_ads__geo_targets') }}
    where is_current_list
),

unioned as (
    select * from google_ads
),

newest as (
    select *
    from unioned
    qualify row_number() over (
        partition by organization_id, platform, location_id
        order by _sync_id desc, connection_id
    ) = 1
)

select * from newest
