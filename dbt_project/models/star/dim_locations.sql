{{ config(
    key=['organization_id', 'platform'],
    order_by=['organization_id', 'platform', 'location_id'],
) }}

with

dirty_keys as (
    {% call dirty_keys() %}
    select
        organization_id,
        platform,
        {{ set_fingerprint([
            'location_id', 'location_name', 'canonical_name', 'target_type', 'country_code',
            'parent_location_id', 'is_inferred',
        ]) }} as fingerprint
    from {{ ref('int_locations_seen') }}
    group by organization_id, platform
    {% endcall %}
),

locations as (
    select locations.*
    from {{ ref('int_locations_seen') }} as locations
    inner join dirty_keys
        on
            locations.organization_id = dirty_keys.organization_id
            and locations.platform = dirty_keys.platform
),

keyed as (
    select
        {{ surrogate_key(['organization_id', 'platform', 'location_id']) }} as location_key,
        *
    from locations
)

select * from keyed
