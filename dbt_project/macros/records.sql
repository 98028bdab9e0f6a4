{#-
How a record's newest version is found without reading its history again. `int_record_versions` lists,
once per merged chunk, which records the chunk holds and how new it says they are; it is keyed by
chunk, so a new chunk costs its own files. `int_newest_records` picks per record the newest of them. A
staging model keyed by record then reads the raw rows of the records whose newest version changed,
whatever the reason: a new chunk, a late one, one that is gone, or a newer complete list.
-#}

{#- The newest version of each record of a stream, with a fingerprint: for `dirty_keys`. -#}
{% macro newest_record_fingerprints(platform, stream, record) -%}
    select connection_id, record_id as {{ record }}, fingerprint
    from {{ ref('int_newest_records') }}
    where platform = '{{ platform }}' and stream = '{{ stream }}'
{%- endmacro %}


{#- Raw rows of the newest version of the dirty records. A record is one row, or as many as `lines`
    tells apart: then all rows that the chunk has of it are its newest version. Copies of a row that
    contradict each other are picked by their version, then by their `values`. -#}
{% macro newest_rows(platform, stream, record, values, lines=[], version='updated_at') -%}
    select
        raw.*,
        newest.record_id,
        newest.platform,
        newest.account_id,
        newest.account_currency,
        newest.account_time_zone
    from {{ raw_rows(platform, stream) }} as raw
    inner join (
        select records.*
        from {{ ref('int_newest_records') }} as records
        inner join dirty_keys
            on records.connection_id = dirty_keys.connection_id and records.record_id = dirty_keys.{{ record }}
        where records.platform = '{{ platform }}' and records.stream = '{{ stream }}'
    ) as newest
        on
            raw._sync_id = newest.sync_id
            and raw._connection_id = newest.connection_id
            and raw._chunk_id = newest.chunk_id
            and {{ record_id(platform, stream, 'raw') }} = newest.record_id
    qualify row_number() over (
        partition by newest.connection_id, newest.record_id {%- for line in lines %}, raw.{{ line }} {%- endfor %}
        order by raw.{{ version }} desc nulls last, {{ largest_first(values) }}
    ) = 1
{%- endmacro %}


{#- Raw rows of a `changes` stream in every chunk that succeeded, copies included; `by_day` as in `raw_rows`. -#}
{% macro received_rows(platform, stream, by_day=false) -%}
    select
        raw.*,
        chunks.platform,
        chunks.account_id,
        chunks.account_time_zone
    from {{ raw_rows(platform, stream, by_day) }} as raw
    inner join {{ ref('stg_lake__syncs') }} as chunks
        on
            raw._sync_id = chunks.sync_id
            and raw._connection_id = chunks.connection_id
            and raw._chunk_id = chunks.chunk_id
    where
        chunks.platform = '{{ platform }}'
        and chunks.stream = '{{ stream }}'
        and chunks.status = 'succeeded'
{%- endmacro %}


{#- What tells the records of a stream apart, as one text. -#}
{% macro record_id(platform, stream, rows) -%}
    {%- if stream == 'records' -%}
    concat_ws('/', {{ rows }}.table_name, {{ rows }}.row_key)
    {%- else -%}
    {{ rows }}.{{ {'orders': 'order_id', 'customers': 'customer_id', 'profiles': 'profile_id'}.get(stream, 'record_id') }}
    {%- endif -%}
{%- endmacro %}


{#- The head of a model of records: its dirty ones, and as `source` the raw rows of their newest version. Arguments as of
    `newest_rows`; `record` is our name of what tells them apart. -#}
{% macro newest_of_dirty_records(platform, stream, record, values, lines=[]) -%}
with

dirty_keys as (
    {% call dirty_keys() %}
    {{ newest_record_fingerprints(platform, stream, record) }}
    {% endcall %}
),

source as (
    {{ newest_rows(platform, stream, record, values, lines) }}
),
{%- endmacro %}


{#- The head of a model of days: its dirty ones, and as `source` the raw rows of their winning syncs. Arguments as of
    `winning_rows`. -#}
{% macro rows_of_dirty_days(platform, stream, key, values) -%}
with

dirty_keys as (
    {% call dirty_keys() %}
    {{ winning_day_fingerprints(platform, stream) }}
    {% endcall %}
),

source as (
    select winning.*
    from ({{ winning_rows(platform, stream, key, values) }}) as winning
    inner join dirty_keys
        on winning._connection_id = dirty_keys.connection_id and winning.date = dirty_keys.date_day
),
{%- endmacro %}


{#- A model of ids that moved: rows of a report that an earlier sync had under another id, as when two people turn out to be one. It
    has a row for each day and earlier id, with the id that its rows have now, and reads days whose winner changed. `key` tells the
    rows of a day apart, `id` is what may move, `ours` our name for it. -#}
{% macro moved_ids(platform, stream, key, id, ours) -%}
with

dirty_keys as (
    {% call dirty_keys() %}
    {{ winning_day_fingerprints(platform, stream) }}
    {% endcall %}
),

committed as (
    {{ committed_rows(platform, stream, [key], values=[id]) }}
),

winning as (
    {{ winning_rows(platform, stream, [key], values=[id]) }}
),

moved as (
    select
        {{ of_account('winning') }},
        committed.{{ id }} as {{ ours }},
        max(winning.{{ id }}) as present_{{ ours }},
        winning.date as date_day,
        winning._sync_id,
        winning._chunk_id,
        winning._synced_at
    from winning
    inner join dirty_keys
        on winning._connection_id = dirty_keys.connection_id and winning.date = dirty_keys.date_day
    inner join committed
        on
            winning._connection_id = committed._connection_id
            and winning.date = committed.date
            and winning.{{ key }} = committed.{{ key }}
    where winning.{{ id }} <> committed.{{ id }}
    group by
        winning._organization_id, winning._connection_id, winning.platform, winning.account_id, committed.{{ id }}, winning.date,
        winning._sync_id, winning._chunk_id, winning._synced_at
)

select * from moved
{%- endmacro %}
