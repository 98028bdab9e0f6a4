{#- What a platform's stream brings is declared where the stream is: `config.meta.level` of its
    source table (campaign_day, campaign_hour, ad_group_day, ad_day, campaign_list, ...). -#}
{% macro stream_level() -%}
    case
        {%- if execute %}
        {%- for source_node in graph.get('sources', {}).values() | sort(attribute='unique_id') %}
        {%- set level = source_node.config.meta.get('level') %}
        {%- if level %}
        when platform = '{{ source_node.source_name }}' and stream = '{{ source_node.name }}' then '{{ level }}'
        {%- endif %}
        {%- endfor %}
        {%- endif %}
        when 1 = 0 then ''
    end
{%- endmacro %}


{#- Whether a stream's rows state a currency of their own, which goes before the account's:
    `config.meta.states_currency` of its source table. -#}
{% macro stream_states_currency() -%}
    case
        {%- if execute %}
        {%- for source_node in graph.get('sources', {}).values() | sort(attribute='unique_id') %}
        {%- if source_node.config.meta.get('states_currency') %}
        when platform = '{{ source_node.source_name }}' and stream = '{{ source_node.name }}' then true
        {%- endif %}
        {%- endfor %}
        {%- endif %}
        else 1 = 0
    end
{%- endmacro %}


{#- The files of the sync log, each with the month of its folder; none is opened. -#}
{% macro log_files() %}{{ return(adapter.dispatch('log_files')()) }}{% endmacro %}
{% macro duckdb__log_files() -%}
    select
        filename as file,
        size,
        last_modified as modified_at,
        {{ month_of_log_file('filename') }} as log_month
    from read_blob('{{ env_var("TRIBUTARY_HOME") }}/lake/syncs/*/[0-9a-z]*.parquet')
{%- endmacro %}
{% macro spark__log_files() -%}
    select
        _metadata.file_path as file,
        _metadata.file_size as size,
        _metadata.file_modification_time as modified_at,
        {{ month_of_log_file('_metadata.file_path') }} as log_month
    from lake_syncs
    group by _metadata.file_path, _metadata.file_size, _metadata.file_modification_time
{%- endmacro %}


{#- The month that a file of the log lies under: `…/synced=2026-11-15/…` lies under 2026-11-01. -#}
{% macro month_of_log_file(file) -%}
    cast(concat(regexp_extract({{ file }}, 'synced=([0-9]{4}-[0-9]{2})', 1), '-01') as date)
{%- endmacro %}


{#- All columns of a raw row, each null where its value is none that models can hold: a number with more
    digits before the point than their decimals and sums have (12; 18 of a whole number, which may be
    micros), or a time before 1900 or after 2199. Such a value fails a cast or a sum, and a failed model
    stops every organization; the door turns it away (connectors/core/ranges.py has the same bounds), an
    older lake may hold it. What a type is not asked folds away: texts are read as they are. The date and
    what a sync wrote stay outside the expression, which would keep filters on them from the scan. -#}
{% macro readable_columns() -%}
{#- RE2 has no "not": this matches whatever neither is `date` nor starts with `_`. -#}
{%- set value = "columns('^([^_d].*|d|d[^a].*|da|da[^t].*|dat|dat[^e].*|date.+)$')" -%}
columns('^(date|_.*)$'),
        case
            when typeof({{ value }}) in ('BIGINT', 'INTEGER')
                then case when try_cast({{ value }} as bigint) between -999999999999999999 and 999999999999999999 then {{ value }} end
            when typeof({{ value }}) like 'DECIMAL%'
                then case when abs(try_cast({{ value }} as decimal(38, 10))) < 1000000000000 then {{ value }} end
            when typeof({{ value }}) = 'DOUBLE'
                then case when abs(try_cast({{ value }} as double)) < 1e12 then {{ value }} end
            when typeof({{ value }}) = 'TIMESTAMP'
                then case when try_cast({{ value }} as timestamp) between timestamp '1900-01-01' and timestamp '2199-12-31' then {{ value }} end
            when typeof({{ value }}) = 'TIMESTAMP WITH TIME ZONE'
                then case when try_cast({{ value }} as timestamptz) between timestamptz '1900-01-01' and timestamptz '2199-12-31' then {{ value }} end
            else {{ value }}
        end as "\0"
{%- endmacro %}


{#- A stream's raw rows as syncs brought them, each with the sync that did. Compacted files hold each
    distinct row once: `_observed` names the set of syncs that brought it, and one row of each set and
    date lists them (warehouse/compacted_rows.py). Every model reads raw rows through this. `by_day`
    shows the days that the model wants to see. What no model can hold is null (readable_columns). -#}
{% macro raw_rows(platform, stream, by_day=false) %}{{ return(adapter.dispatch('raw_rows')(platform, stream, by_day)) }}{% endmacro %}
{% macro duckdb__raw_rows(platform, stream, by_day) -%}
    {%- set plain = source(platform, stream) | string -%}
    {%- set compacted = plain | replace('/synced=*/', '/compacted=*/') -%}
    {%- if execute and compacted == plain -%}
        {% do exceptions.raise_compiler_error(platform ~ '.' ~ stream ~ ": its location lacks '/synced=*/'") %}
    {%- endif -%}
    (
        select {{ readable_columns() }}
        from (
            select * from {{ plain }}
            where
                {{ is_shown_connection(platform, '_connection_id') }}
                {%- if by_day %}
                and {{ is_shown_day('date') }}
                {%- endif %}
            union all by name
            select
                rows.* exclude (_sync_id, _chunk_id, _synced_at, _observed, _observations),
                observations.observation.sync_id as _sync_id,
                observations.observation.chunk_id as _chunk_id,
                observations.observation.synced_at as _synced_at
            from {{ compacted }} as rows
            inner join (
                {%- if by_day %}
                select
                    _observed,
                    date,
                    unnest(_observations) as observation
                from {{ compacted }}
                where
                    _observations is not null
                    and {{ is_shown_connection(platform, '_connection_id') }}
                    and {{ is_shown_day('date') }}
                {%- else %}
                {#- Once a set: each of its dates lists the same syncs. -#}
                select
                    _observed,
                    unnest(_observations) as observation
                from (
                    select
                        _observed,
                        any_value(_observations) as _observations
                    from {{ compacted }}
                    where
                        _observations is not null
                        and {{ is_shown_connection(platform, '_connection_id') }}
                    group by _observed
                )
                {%- endif %}
            ) as observations
                on
                    rows._observed = observations._observed
                    {%- if by_day %}
                    and rows.date = observations.date
                    {%- endif %}
            where
                {{ is_shown_connection(platform, 'rows._connection_id') }}
                {%- if by_day %}
                and {{ is_shown_day('rows.date') }}
                {%- endif %}
        )
    )
{%- endmacro %}
{% macro spark__raw_rows(platform, stream, by_day) -%} {{ source(platform, stream) }} {%- endmacro %}


{#- Puts the copies of a raw row in an order that depends on nothing but what they say. -#}
{% macro largest_first(values) -%}
    {%- for column in values -%}
    raw.{{ column }} desc nulls last{{ ", " if not loop.last }}
    {%- endfor -%}
{%- endmacro %}


{#- Raw rows of a report stream that are the current truth: those of the sync that won their date,
    once per key (a platform may repeat a page). Copies of one key that contradict each other are
    picked by their `values`, so that every build picks the same one. -#}
{% macro winning_rows(platform, stream, key, values) -%}
    select
        raw.*,
        winners.platform,
        winners.account_id,
        winners.currency_code,
        winners.currency_code as account_currency,
        winners.time_zone
    from {{ raw_rows(platform, stream, by_day=true) }} as raw
    inner join {{ ref('int_report_winners') }} as winners
        on
            raw._sync_id = winners.sync_id
            and raw._connection_id = winners.connection_id
            and raw._chunk_id = winners.chunk_id
            and raw.date = winners.date_day
    where
        winners.platform = '{{ platform }}'
        and winners.stream = '{{ stream }}'
        and {{ is_shown_day('winners.date_day') }}
    qualify row_number() over (
        partition by raw._connection_id, raw.date, raw.{{ key | join(', raw.') }}
        order by {{ largest_first(values) }}
    ) = 1
{%- endmacro %}


{#- The days of a report with the sync that won each: for `dirty_keys` of a table of its rows. -#}
{% macro winning_day_fingerprints(platform, stream) -%}
    select
        connection_id,
        date_day,
        {{ fingerprint(['organization_id', 'account_id', 'sync_id', 'chunk_id', 'time_zone']) }} as fingerprint
    from {{ ref('int_report_winners') }}
    where platform = '{{ platform }}' and stream = '{{ stream }}'
{%- endmacro %}


{#- Raw rows of every complete list of a snapshot stream, once per key and list; of copies that
    contradict each other as in `winning_rows`. Rows of a chunk that the log does not have were never
    committed. -#}
{% macro listed_rows(platform, stream, key, values) -%}
    select
        raw.*,
        lists.platform,
        lists.account_id,
        lists.currency_code,
        lists.currency_code as account_currency,
        lists.time_zone as account_time_zone,
        lists.kind as list_kind,
        lists.is_current_list,
        lists.fetch_started_at as list_fetched_at,
        lists.local_day as list_day,
        lists.first_list_day,
        -- A later list that could delete lacks the row, or has another version of it.
        lists.deleting_lists < lists.last_deleting_list as is_older_list
    from {{ raw_rows(platform, stream) }} as raw
    inner join {{ ref('int_snapshot_lists') }} as lists
        on raw._sync_id = lists.sync_id and raw._connection_id = lists.connection_id
    inner join {{ ref('stg_lake__syncs') }} as chunks
        on
            lists.sync_id = chunks.sync_id
            and lists.connection_id = chunks.connection_id
            and lists.stream = chunks.stream
            and raw._chunk_id = chunks.chunk_id
            and chunks.status = 'succeeded'
    where lists.platform = '{{ platform }}' and lists.stream = '{{ stream }}'
    qualify row_number() over (
        partition by raw._connection_id, raw._sync_id, raw.{{ key | join(', raw.') }}
        order by raw._chunk_id, {{ largest_first(values) }}
    ) = 1
{%- endmacro %}


{#- Raw rows of the entities of a snapshot stream, each of the last list that has it. One that a later list lacks is removed,
    if nothing of that list was rejected. -#}
{% macro last_listed_rows(platform, stream, key, values) -%}
    select
        listed.*,
        lists.deleting_lists < lists.last_deleting_list as is_removed
    from ({{ listed_rows(platform, stream, key, values) }}) as listed
    inner join (
        select
            *,
            max(deleting_lists) over (partition by connection_id) as last_deleting_list
        from {{ ref('int_snapshot_lists') }}
        where platform = '{{ platform }}' and stream = '{{ stream }}'
    ) as lists
        on listed._sync_id = lists.sync_id and listed._connection_id = lists.connection_id
    qualify row_number() over (
        partition by listed._connection_id, listed.{{ key | join(', listed.') }}
        order by lists.fetch_started_at desc, lists.sync_id desc
    ) = 1
{%- endmacro %}


{#- Raw rows of a report stream in every committed version, once per key and version. -#}
{% macro committed_rows(platform, stream, key, values) -%}
    select
        raw.*,
        syncs.platform,
        syncs.account_id,
        syncs.account_currency
    from {{ raw_rows(platform, stream, by_day=true) }} as raw
    inner join {{ ref('stg_lake__syncs') }} as syncs
        on
            raw._sync_id = syncs.sync_id
            and raw._connection_id = syncs.connection_id
            and raw._chunk_id = syncs.chunk_id
            and raw.date >= syncs.window_from
            and raw.date < syncs.window_to
    where
        syncs.platform = '{{ platform }}'
        and syncs.stream = '{{ stream }}'
        and syncs.status = 'succeeded'
    qualify row_number() over (
        partition by raw._connection_id, raw._sync_id, raw._chunk_id, raw.date, raw.{{ key | join(', raw.') }}
        order by {{ largest_first(values) }}
    ) = 1
{%- endmacro %}


{#- Whether a sync leaves a day of its window as it was, because it could not read all of it. -#}
{% macro is_left_day(left_days, date) -%}
    coalesce(instr({{ left_days }}, concat('"', cast({{ date }} as varchar), '"')) > 0, 1 = 0)
{%- endmacro %}


{#- A staged report: the current truth of a stream, or every committed version of it, in our words. `ids` are the
    platform's, each with our name for it; the last tells the rows of a day apart, of an hourly report with the hour.
    The platform's measures and our words for them are in its macro `<platform>_measures`. -#}
{% macro staged_report(platform, stream, ids, versions=false, hourly=false, without=[]) -%}
    {%- set measures = {} -%}
    {%- for name, ours in context[platform ~ '_measures']().items() if ours not in without -%}
        {%- do measures.update({name: ours}) -%}
    {%- endfor -%}
    {%- set key = [ids | list | last] + (['hour'] if hourly else []) -%}
    {%- set values = measures | list + ids | reject('in', key) | list -%}
with

source as (
    {% if versions %}{{ committed_rows(platform, stream, key, values) }}{% else %}{{ winning_rows(platform, stream, key, values) }}{% endif %}
),

renamed as (
    select
        {{ of_account() }},
        {%- for name, ours in ids.items() %}
        {{ name if loop.last else known_parent(name) }} as {{ ours }},
        {%- endfor %}
        date as date_day,
        {%- if hourly %}
        case when hour between 0 and 23 then hour end as local_hour,
        {%- endif %}
        {%- for name, ours in measures.items() %}
        {%- if ours == 'conversion_value' %}
        {%- set conversions = (measures.items() | selectattr(1, 'equalto', 'conversions') | first)[0] %}
        -- A platform may leave out the value of no conversions; of some, what is left out is unknown.
        coalesce({{ exact(name) }}, case when {{ conversions }} = 0 then cast(0 as decimal(18, 6)) end) as conversion_value,
        {%- else %}
        {{ exact(name) if ours in ['spend', 'conversions', 'frequency'] else name }} as {{ ours }},
        {%- endif %}
        {%- endfor %}
        {{ of_sync() }}
    from source
)

select * from renamed
{%- endmacro %}


{#- Rows of a report under our names: `ids` are the dimensions of its key beside the day, `values` what else it has, each
    with our word; `decimals` are those of our words that are exact amounts. -#}
{% macro staged_days(platform, stream, ids, values, decimals=[], hourly=false) -%}
    {%- set key = ids | list + (['hour'] if hourly else []) -%}
with

source as (
    {{ winning_rows(platform, stream, key or ['date'], values | list) }}
),

renamed as (
    select
        {{ of_account() }},
        {%- for name, ours in ids.items() %}
        {{ name }} as {{ ours }},
        {%- endfor %}
        date as date_day,
        {%- if hourly %}
        hour as local_hour,
        {%- endif %}
        {%- for name, ours in values.items() %}
        {{ exact(name) if ours in decimals else name }} as {{ ours }},
        {%- endfor %}
        {{ of_sync() }}
    from source
)

select * from renamed
{%- endmacro %}


{#- Entities of a list as they are known last, under our names: `columns` are theirs, each with ours, the key first. -#}
{% macro staged_entities(platform, stream, columns) -%}
with

source as (
    {{ last_listed_rows(platform, stream, [columns | first], values=(columns | list)[1:]) }}
),

renamed as (
    select
        {{ of_account() }},
        {%- for name, ours in columns.items() %}
        {{ name }} as {{ ours }},
        {%- endfor %}
        is_removed,
        _sync_id,
        _synced_at
    from source
)

select * from renamed
{%- endmacro %}


{#- The id of the campaign or ad group that a row is of: a platform may leave it out, and what was spent has a home
    all the same. -#}
{% macro known_parent(id) -%}
    coalesce({{ id }}, 'unknown')
{%- endmacro %}


{#- The columns of a staged row that say whose it is, under our names; `rows` is where they stand, if there are several. -#}
{% macro of_account(rows='') -%}
    {%- set its = rows ~ '.' if rows else '' -%}
        {{ its }}_organization_id as organization_id,
        {{ its }}_connection_id as connection_id,
        {{ its }}platform,
        {{ its }}account_id
{%- endmacro %}


{#- The columns of a staged row that say which sync brought it; a list's rows are of a list. -#}
{% macro of_sync() -%}
        _sync_id,
        _chunk_id,
        _synced_at
{%- endmacro %}
{% macro of_list() -%}
        is_current_list,
        _sync_id,
        _synced_at
{%- endmacro %}
