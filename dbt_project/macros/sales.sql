{#-
What systems for sales have in common: values with their own histories, and records that take in others.
-#}

{#- What was known of a record from an instant on, of histories that each property has by itself: at an instant at which one changes the
    others are what they last were. `model` has the entries as a JSON list of `property`, `at` and `value` in `history`; `values` names
    our columns by property, each with its type (text, amount or day). -#}
{% macro known_by_instant(model, record, values) -%}
with

entries as (
    select
        {{ whose_record(record) }},
        {{ json_elements('history') }} as entry,
        _sync_id,
        _synced_at
    from {{ ref(model) }}
),

dated as (
    select
        *,
        {{ json_text('entry', 'property') }} as property,
        {{ json_text('entry', 'value') }} as property_value,
        {{ json_instant('entry', 'at') }} as changed_at
    from entries
),

{{ known_of_entries('dated', record, values) }}
{%- endmacro %}


{#- Whose record a row is about. -#}
{% macro whose_record(record) -%}
        organization_id,
        connection_id,
        platform,
        account_id,
        {{ record }}
{%- endmacro %}


{#- The CTEs that end a model of what was known: of entries with `property`, `property_value` (a text; null is a value that was taken away)
    and `changed_at`. Arguments as of `known_by_instant`. -#}
{% macro known_of_entries(entries, record, values) -%}
-- An empty text is a value that was taken away; null says nothing of the property.
by_instant as (
    select
        {{ whose_record(record) }},
        changed_at,
        {%- for property, (name, _) in values.items() %}
        max(case when property = '{{ property }}' then coalesce(property_value, '') end) as {{ name }},
        {%- endfor %}
        max(_sync_id) as _sync_id,
        max(_synced_at) as _synced_at
    from {{ entries }}
    where changed_at is not null
    group by {{ whose_record(record) }}, changed_at
),

filled as (
    select
        {{ whose_record(record) }},
        changed_at,
        {%- for name, _ in values.values() %}
        nullif(last_value({{ name }} ignore nulls) over until_then, '') as {{ name }},
        {%- endfor %}
        _sync_id,
        _synced_at
    from by_instant
    window until_then as (
        partition by connection_id, {{ record }}
        order by changed_at
        rows between unbounded preceding and current row
    )
),

typed as (
    select
        {{ whose_record(record) }},
        changed_at,
        {%- for name, kind in values.values() %}
        {%- if kind == 'amount' %}
        try_cast(try_cast({{ name }} as decimal(18, 6)) as decimal(24, 6)) as {{ name }},
        {%- elif kind == 'day' %}
        try_cast(substr({{ name }}, 1, 10) as date) as {{ name }},
        {%- else %}
        {{ name }},
        {%- endif %}
        {%- endfor %}
        _sync_id,
        _synced_at
    from filled
)

select * from typed
{%- endmacro %}


{#- Records that others have taken in: `models` by the name of their id, each with the taken ids as a JSON list in `merged_ids`. -#}
{% macro taken_in(models) -%}
with

{% for id, model in models.items() -%}
{{ model.split('__')[1] }} as (
    select
        organization_id,
        connection_id,
        platform,
        account_id,
        '{{ id | replace('_id', '') }}' as record_type,
        {{ json_elements('merged_ids') }} as merged,
        {{ id }} as merged_into_id,
        _sync_id
    from {{ ref(model) }}
),

{% endfor -%}
unioned as (
    {%- for model in models.values() %}
    select * from {{ model.split('__')[1] }}
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

named as (
    select
        organization_id,
        connection_id,
        platform,
        account_id,
        record_type,
        replace(cast(merged as varchar), '"', '') as record_id,
        merged_into_id,
        max(_sync_id) as _sync_id
    from unioned
    group by organization_id, connection_id, platform, account_id, record_type, merged, merged_into_id
)

select * from named
where record_id <> merged_into_id
{%- endmacro %}


{#- The newest version of the records of a platform's stream: CTEs `dirty_keys` and `source`, where `id` is what we call their id. -#}
{% macro newest_of(platform, stream, id, values) -%}
with

dirty_keys as (
    {% call dirty_keys() %}
    {{ newest_record_fingerprints(platform, stream, id) }}
    {% endcall %}
),

source as (
    {{ newest_rows(platform, stream, id, values=values) }}
),
{%- endmacro %}


{#- A model of the newest versions of a stream's records. `id` and `values` as of `newest_of`; `columns` are what is selected of a raw row,
    beside whose it is and which sync brought it. -#}
{% macro staged_records(platform, stream, id, values, columns) -%}
{{ newest_of(platform, stream, id, values) }}

renamed as (
    select
        {{ of_account() }},
        record_id as {{ id }},
        {%- for column in columns %}
        {{ column }},
        {%- endfor %}
        _sync_id,
        _synced_at
    from source
)

select * from renamed
{%- endmacro %}
