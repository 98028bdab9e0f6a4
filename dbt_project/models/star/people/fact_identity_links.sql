{{ config(key=['organization_id'], order_by=['organization_id', 'identifier_kind', 'identifier_key', 'record_key']) }}

-- The evidence of dim_customer_records: why two records are one person, and which identifiers join nobody.

with

dirty_keys as (
    {% call dirty_keys() %}
    select organization_id, fingerprint from {{ state_of('int_person_keys') }}
    {% endcall %}
),

linked as (
    select
        links.organization_id,
        links.record_key,
        people.person_key,
        links.identifier_kind,
        links.identifier_key,
        links.records,
        links.linked_record_key,
        links.linked_at,
        links.ignored_reason
    from {{ ref('int_identity_links') }} as links
    inner join dirty_keys on links.organization_id = dirty_keys.organization_id
    inner join {{ ref('int_person_keys') }} as people
        on links.organization_id = people.organization_id and links.record_key = people.record_key
)

select * from linked
