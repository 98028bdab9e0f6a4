{{ config(materialized='dirty_keys', key=['organization_id'], order_by=['organization_id', 'record_key']) }}

-- The person that each record is of: records that links join, directly or through others, are one person, whose key is that of the
-- record that was seen first. So it follows from the data alone, and a record that comes later changes no key.

with

dirty_keys as (
    {% call dirty_keys() %}
    select organization_id, fingerprint from {{ state_of('int_identity_links') }}
    {% endcall %}
),

people as (
    select people.*
    from {{ ref('int_people') }} as people
    inner join dirty_keys on people.organization_id = dirty_keys.organization_id
),

{{ placed_records('people') }}

nodes as (
    select place as node from places
),

links as (
    select
        records.place as from_node,
        others.place as to_node
    from {{ ref('int_identity_links') }} as links
    inner join places as records
        on links.organization_id = records.organization_id and links.record_key = records.record_key
    inner join places as others
        on links.organization_id = others.organization_id and links.linked_record_key = others.record_key
),

edges as (
    select
        from_node,
        to_node
    from links
    union
    select
        to_node as from_node,
        from_node as to_node
    from links
),

components as (
    {{ connected_components('nodes', 'edges') }}
),

keyed as (
    select
        places.organization_id,
        places.record_key,
        firsts.record_key as person_key
    from places
    inner join components on places.place = components.node
    inner join places as firsts on components.component = firsts.place
)

select * from keyed
