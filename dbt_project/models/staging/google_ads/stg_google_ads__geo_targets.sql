with

source as (
    {{ listed_rows('google_ads', 'geo_targets', ['geo_target_id'], values=[
        'name', 'canonical_name', 'country_code', 'target_type', 'status', 'parent_geo_target',
    ]) }}
),

renamed as (
    select
        -- ids
        _organization_id as organization_id,
        _connection_id as connection_id,
        platform,
        account_id,
        geo_target_id as location_id,
        nullif(replace(parent_geo_target, 'geoTargetConstants/', ''), '') as parent_location_id,

        -- strings
        name as location_name,
        canonical_name,
        country_code,
        target_type,
        status as platform_status,

        -- lineage
        is_current_list,
        _sync_id,
        _synced_at
    from source
)

select * from renamed
