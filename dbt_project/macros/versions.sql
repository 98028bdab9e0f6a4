{#-
How complete lists become versions (SCD2). `list_changes` keeps, per list, only what differs from
the list before it, so that a new list costs two lists and not history; `list_versions` turns an
account's changes into versions with dates.

`entity` is the entity's id within its account, `attributes` what a version is made of.
-#}

{% macro list_changes(unioned, level, entity, attributes) -%}
{%- set owner = ['organization_id', 'connection_id', 'platform', 'account_id'] -%}
with

dirty_keys as (
    {% call dirty_keys() %}
    select
        connection_id,
        sync_id,
        {{ fingerprint(['sync_id', 'previous_sync_id', 'local_day', 'fetch_started_at', 'currency_code']) }} as fingerprint
    from {{ ref('int_snapshot_lists') }}
    where level = '{{ level }}'
    {% endcall %}
),

steps as (
    select lists.*
    from {{ ref('int_snapshot_lists') }} as lists
    inner join dirty_keys
        on lists.connection_id = dirty_keys.connection_id and lists.sync_id = dirty_keys.sync_id
    where lists.level = '{{ level }}'
),

entities as (
    select
        *,
        {{ fingerprint(attributes) }} as attributes_hash
    from {{ ref(unioned) }}
),

listed as (
    select
        entities.*,
        steps.sync_id,
        steps.local_day,
        steps.fetch_started_at
    from entities
    inner join steps
        on entities._sync_id = steps.sync_id and entities.connection_id = steps.connection_id
),

listed_before as (
    select
        entities.*,
        steps.sync_id,
        steps.local_day,
        steps.fetch_started_at
    from entities
    inner join steps
        on entities._sync_id = steps.previous_sync_id and entities.connection_id = steps.connection_id
),

appeared_or_changed as (
    select
        {%- for column in owner + entity + attributes %}
        listed.{{ column }},
        {%- endfor %}
        listed.attributes_hash,
        false as is_deleted,
        listed.sync_id,
        listed.local_day,
        listed.fetch_started_at
    from listed
    left join listed_before
        on
            listed.connection_id = listed_before.connection_id
            and listed.sync_id = listed_before.sync_id
            {%- for column in entity %}
            and listed.{{ column }} = listed_before.{{ column }}
            {%- endfor %}
    where listed.attributes_hash is distinct from listed_before.attributes_hash
),

vanished as (
    select
        {%- for column in owner + entity + attributes %}
        listed_before.{{ column }},
        {%- endfor %}
        listed_before.attributes_hash,
        true as is_deleted,
        listed_before.sync_id,
        listed_before.local_day,
        listed_before.fetch_started_at
    from listed_before
    left join listed
        on
            listed_before.connection_id = listed.connection_id
            and listed_before.sync_id = listed.sync_id
            {%- for column in entity %}
            and listed_before.{{ column }} = listed.{{ column }}
            {%- endfor %}
    where listed.connection_id is null
),

changes as (
    select * from appeared_or_changed
    union all
    select * from vanished
)

select * from changes
{%- endmacro %}


{#- The versions' fingerprints: an account's changes, and one unknown member per organization. -#}
{% macro list_versions_fingerprints(changes) -%}
    select
        organization_id,
        connection_id,
        {{ set_fingerprint(['sync_id', 'fingerprint']) }} as fingerprint
    from (
        select
            lists.organization_id,
            state.connection_id,
            state.sync_id,
            state.fingerprint
        from {{ state_of(changes) }} as state
        inner join {{ ref(changes) }} as lists
            on state.connection_id = lists.connection_id and state.sync_id = lists.sync_id
        group by all
    ) as changing_lists
    group by organization_id, connection_id
    union all
    select
        organization_id,
        'unknown' as connection_id,
        'unknown' as fingerprint
    from {{ ref('stg_registry__organizations') }}
{%- endmacro %}


{#- CTEs `versions`: one row per entity and span of days in which it stayed the same. The first is
    valid from the beginning of time; of several changes in one day of the account the last counts;
    what changed back within a day is no version. -#}
{% macro list_versions(changes, entity) -%}
changes as (
    select changes.*
    from {{ ref(changes) }} as changes
    inner join dirty_keys
        on
            changes.organization_id = dirty_keys.organization_id
            and changes.connection_id = dirty_keys.connection_id
),

dated as (
    select
        *,
        concat_ws('|', attributes_hash, cast(is_deleted as varchar)) as version_hash,
        -- An account that moves west may see its day step back; versions do not.
        max(local_day) over (
            partition by connection_id, {{ entity | join(', ') }}
            order by fetch_started_at, sync_id
        ) as version_day
    from changes
),

last_of_day as (
    select *
    from dated
    qualify row_number() over (
        partition by connection_id, {{ entity | join(', ') }}, version_day
        order by fetch_started_at desc, sync_id desc
    ) = 1
),

told_apart as (
    select *
    from last_of_day
    qualify version_hash is distinct from lag(version_hash) over (
        partition by connection_id, {{ entity | join(', ') }}
        order by version_day
    )
),

versions as (
    select
        *,
        case
            when row_number() over one_entity = 1 then cast('1900-01-01' as date)
            else version_day
        end as valid_from,
        coalesce(lead(version_day) over one_entity, cast('9999-12-31' as date)) as valid_to,
        lead(version_day) over one_entity is null as is_current,
        row_number() over one_entity = 1 as is_backfilled
    from told_apart
    window one_entity as (
        partition by connection_id, {{ entity | join(', ') }}
        order by version_day
    )
),
{%- endmacro %}
