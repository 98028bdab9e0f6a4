{#-
How complete lists become versions (SCD2). `list_changes` keeps, per list, only what differs from
the list before it, so that a new list costs two lists and not history; `list_versions` turns an
account's changes into versions with dates. What a list lacks is deleted only if nothing of the list
was rejected; it then answers for all lists since the last one that could delete.

`entity` is the entity's id within its account, `attributes` what a version is made of, `carried`
what it brings along and makes no version: the address of a picture that is signed anew each day.
-#}

{#- Whether a list's silence on what `earlier` has deletes it: `earlier` is the last list before it
    that could delete, or one after that. -#}
{% macro is_answered_for(list, earlier) -%}
    {{ list }}.connection_id = {{ earlier }}.connection_id
            and {{ list }}.stream = {{ earlier }}.stream
            and {{ list }}.can_delete
            and {{ list }}.deleting_lists = {{ earlier }}.deleting_lists + 1
{%- endmacro %}


{% macro list_changes(unioned, level, entity, attributes, carried=[]) -%}
{%- set owner = ['organization_id', 'connection_id', 'platform', 'account_id'] -%}
with

dirty_keys as (
    {% call dirty_keys() %}
    select
        lists.connection_id,
        lists.sync_id,
        concat_ws(
            '-',
            {{ fingerprint([
                'lists.sync_id', 'lists.previous_sync_id', 'lists.local_day', 'lists.fetch_started_at',
                'lists.currency_code', 'lists.can_delete', 'lists.chunks_fingerprint',
                'lists.previous_chunks_fingerprint',
            ]) }},
            {{ set_fingerprint(['earlier.sync_id', 'earlier.fetch_started_at', 'earlier.chunks_fingerprint']) }}
        ) as fingerprint
    from {{ ref('int_snapshot_lists') }} as lists
    left join {{ ref('int_snapshot_lists') }} as earlier
        on {{ is_answered_for('lists', 'earlier') }}
    where lists.level = '{{ level }}'
    group by
        lists.connection_id, lists.sync_id, lists.previous_sync_id, lists.local_day, lists.fetch_started_at,
        lists.currency_code, lists.can_delete, lists.chunks_fingerprint, lists.previous_chunks_fingerprint
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
        steps.sync_id
    from entities
    inner join steps
        on entities._sync_id = steps.previous_sync_id and entities.connection_id = steps.connection_id
),

-- Of the lists that a list answers for, each entity as the last of them had it.
last_listed as (
    select
        entities.*,
        steps.sync_id,
        steps.local_day,
        steps.fetch_started_at
    from steps
    inner join {{ ref('int_snapshot_lists') }} as earlier
        on {{ is_answered_for('steps', 'earlier') }}
    inner join entities
        on earlier.sync_id = entities._sync_id and earlier.connection_id = entities.connection_id
    qualify row_number() over (
        partition by steps.connection_id, steps.sync_id, entities.{{ entity | join(', entities.') }}
        order by earlier.fetch_started_at desc, earlier.sync_id desc
    ) = 1
),

appeared_or_changed as (
    select
        {%- for column in owner + entity + attributes + carried %}
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
        {%- for column in owner + entity + attributes + carried %}
        last_listed.{{ column }},
        {%- endfor %}
        last_listed.attributes_hash,
        true as is_deleted,
        last_listed.sync_id,
        last_listed.local_day,
        last_listed.fetch_started_at
    from last_listed
    left join listed
        on
            last_listed.connection_id = listed.connection_id
            and last_listed.sync_id = listed.sync_id
            {%- for column in entity %}
            and last_listed.{{ column }} = listed.{{ column }}
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


{#- The entities that facts show and no list has, once each: `entity` in an account, `parents` as the
    facts have them. -#}
{% macro unlisted_entities(changes, entity, facts, parents=[]) -%}
    select
        seen.organization_id,
        seen.platform,
        seen.connection_id,
        {%- for column in entity %}
        seen.{{ column }},
        {%- endfor %}
        {%- for column in parents %}
        max(seen.{{ column }}) as {{ column }},
        {%- endfor %}
        seen.account_id
    from (
        {%- for fact in facts %}
        select distinct organization_id, platform, connection_id, account_id, {{ (entity + parents) | join(', ') }}
        from {{ ref(fact) }}
        {{ "union all" if not loop.last }}
        {%- endfor %}
    ) as seen
    left join (select distinct connection_id, {{ entity | join(', ') }} from {{ ref(changes) }}) as listed
        on
            seen.connection_id = listed.connection_id
            {%- for column in entity %}
            and seen.{{ column }} = listed.{{ column }}
            {%- endfor %}
    where listed.connection_id is null
    group by
        seen.organization_id, seen.platform, seen.connection_id, seen.account_id,
        seen.{{ entity | join(', seen.') }}
{%- endmacro %}


{#- The versions' fingerprints: an account's changes, and what its facts show that no list has. -#}
{% macro list_versions_fingerprints(changes, entity, facts, parents=[]) -%}
    select
        organization_id,
        connection_id,
        {{ set_fingerprint(['source', 'name', 'content']) }} as fingerprint
    from (
        select
            lists.organization_id,
            state.connection_id,
            'list' as source,
            state.sync_id as name,
            state.fingerprint as content
        from {{ state_of(changes) }} as state
        inner join {{ ref(changes) }} as lists
            on state.connection_id = lists.connection_id and state.sync_id = lists.sync_id
        group by all
        union all
        select
            organization_id,
            connection_id,
            'facts' as source,
            {{ row_text(entity) }} as name,
            {{ row_text(['platform', 'account_id'] + parents) }} as content
        from ({{ unlisted_entities(changes, entity, facts, parents) }}) as unlisted
    ) as members
    group by organization_id, connection_id
{%- endmacro %}


{#- CTE `unlisted`: what the facts of the dirty accounts show and no list has. -#}
{% macro unlisted_of_dirty_keys(changes, entity, facts, parents=[]) -%}
unlisted as (
    select unlisted.*
    from ({{ unlisted_entities(changes, entity, facts, parents) }}) as unlisted
    inner join dirty_keys
        on
            unlisted.organization_id = dirty_keys.organization_id
            and unlisted.connection_id = dirty_keys.connection_id
),
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

distinguished as (
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
    from distinguished
    window one_entity as (
        partition by connection_id, {{ entity | join(', ') }}
        order by version_day
    )
),
{%- endmacro %}
