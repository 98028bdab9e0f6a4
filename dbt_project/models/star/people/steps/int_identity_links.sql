{{ config(materialized='dirty_keys', key=['organization_id'], order_by=['organization_id', 'identifier_kind', 'identifier_key', 'record_key']) }}

-- Which records share an identifier, and whether that makes them one person. An identifier joins each of its records with the earliest
-- of them, unless it is shared by too many, somebody has decided that it joins nobody, or that a record stands apart.

with

dirty_keys as (
    {% call dirty_keys() %}
    select
        organization_id,
        {{ set_fingerprint([
            'record_key', 'stated_by', 'email_token', 'phone_token', 'user_token', 'same_record_key', 'order_record_key', 'first_seen_at',
        ]) }} as fingerprint
    from {{ ref('int_people') }}
    group by organization_id
    {% endcall %}
),

people as (
    select people.*
    from {{ ref('int_people') }} as people
    inner join dirty_keys on people.organization_id = dirty_keys.organization_id
),

overrides as (
    select * from {{ ref('identity_overrides') }}
),

{{ placed_records('people') }}

identifiers as (
    {%- for kind in ['email', 'phone', 'user'] %}
    select
        organization_id,
        record_key,
        '{{ kind }}' as identifier_kind,
        {{ kind }}_token as token
    from people
    where {{ kind }}_token is not null
    union
    {%- endfor %}
    {%- for kind, other in {'merge': 'same_record_key', 'order': 'order_record_key'}.items() %}
    {%- for name in ['record_key', other] %}
    select
        organization_id,
        {{ name }} as record_key,
        '{{ kind }}' as identifier_kind,
        {{ other }} as token
    from people
    where {{ other }} is not null
    union
    {%- endfor %}
    {%- endfor %}
    {%- for name in ['record_key', 'other_record_key'] %}
    select
        organization_id,
        {{ name }} as record_key,
        'override' as identifier_kind,
        concat_ws('|', least(record_key, other_record_key), greatest(record_key, other_record_key)) as token
    from overrides
    where override_kind = 'same'
    {{ "union" if not loop.last }}
    {%- endfor %}
),

keyed as (
    select
        identifiers.organization_id,
        identifiers.record_key,
        identifiers.identifier_kind,
        {{ surrogate_key(['identifiers.organization_id', 'identifiers.identifier_kind', 'identifiers.token']) }} as identifier_key,
        places.place,
        places.record_type,
        places.first_seen_at
    from identifiers
    inner join places
        on identifiers.organization_id = places.organization_id and identifiers.record_key = places.record_key
),

counted as (
    select
        *,
        count(*) over (partition by organization_id, identifier_kind, identifier_key) as records,
        count(*) over (partition by organization_id, identifier_kind, record_key) as identifiers
    from keyed
),

ignored as (
    select distinct
        organization_id,
        identifier_key
    from overrides
    where override_kind = 'ignore'
),

apart as (
    select distinct
        organization_id,
        record_key
    from overrides
    where override_kind = 'not_same'
),

judged as (
    select
        counted.*,
        case
            when counted.identifier_kind = 'override' then null
            when ignored.identifier_key is not null then 'override'
            when apart.record_key is not null then 'apart'
            -- A device on which several people sign in or order belongs to none of them.
            when counted.record_type = 'visitor' and counted.identifiers > 1 then 'shared_device'
            when {{ is_shared('counted.identifier_kind', 'counted.records') }} then 'shared'
        end as ignored_reason
    from counted
    left join ignored
        on counted.organization_id = ignored.organization_id and counted.identifier_key = ignored.identifier_key
    left join apart
        on counted.organization_id = apart.organization_id and counted.record_key = apart.record_key
    where counted.records > 1
),

joined as (
    select
        organization_id,
        record_key,
        identifier_kind,
        identifier_key,
        records,
        ignored_reason,
        first_seen_at,
        place,
        first_value(record_key) over of_identifier as first_record_key,
        first_value(first_seen_at) over of_identifier as first_record_at,
        first_value(place) over of_identifier as first_place
    from judged
    window of_identifier as (
        partition by organization_id, identifier_kind, identifier_key, ignored_reason
        order by place
    )
),

linked as (
    select
        organization_id,
        record_key,
        identifier_kind,
        identifier_key,
        records,
        ignored_reason,
        case when ignored_reason is null and place <> first_place then first_record_key end as linked_record_key,
        case when ignored_reason is null and place <> first_place then greatest(first_seen_at, first_record_at) end as linked_at
    from joined
)

select * from linked
