{#-
The one incremental strategy of this house.

A model names its `key` and, in a CTE called `dirty_keys`, says what its rows depend on:

    dirty_keys as (
        {% call dirty_keys() %}
            select connection_id, date_day, <text> as fingerprint from ...
        {% endcall %}
    ),

The query inside gives every key of the CURRENT truth once, with a fingerprint of all that the rows
of that key are computed from. Read as plain SQL, the model is its own full refresh: all keys are
dirty. The materialization compares those fingerprints with the ones that the model recorded in
`state.<model>` (same database), replaces the CTE by the keys that differ in either direction (new,
changed, vanished), and in one transaction deletes those keys, inserts their rows again and records
their fingerprints. There is no watermark to get wrong: whatever was interrupted, skipped or came
late differs from the record, and the next build repairs it.

The table is rebuilt whole on `--full-refresh`, on first use, and when the model's compiled SQL or
anything it is computed from (a view's SQL, a seed, the SQL of a table above it) changed.

A model with `own_days=true` reads of the raw report rows its own dirty days only. While its rows are
inserted, `winning_rows` and `committed_rows` show the days from the first dirty one to the last:
DuckDB does not carry a join's filter through the window that drops repeated rows, so without that
every build would scan all of history: 1,999,200 rows for seven days of hours, at 600 days (`distinct on`
pushed the filter down by accident only). What still grows with history is the first day of each
campaign, two columns of a fact. The two variables live as long as the model's connection. Such a model
is computed half a year at a time, so that the memory that it takes does not grow with history either: to sort
two years of hours of 300 campaigns took 2.9 GB, and takes 1.2 GB (November 2026). One with `days_around=3` reads
three days more on either side.

A model with `in_pieces=true` is computed in pieces of as many days as come to two million rows (`TRIBUTARY_PIECE_ROWS`), however
many its keys are. Its fingerprints have the column `key_rows`, about how many rows a key has; its state keeps it for the models below.

A model whose key has `connection_id` reads raw rows of its dirty keys' connections only: while its rows are inserted
these alone are shown, and no file of another platform is opened. An hour of one account then costs the same
beside a hundred others. Whatever such a model needs of another connection comes from a table.

A model with `own_log_files=true` has the key `log_month` and reads of the sync log the files of its
dirty months only; `log_files` names them without opening any.

A model of which nothing that it reads has changed is not asked for its fingerprints: see `what_is_read`.

State of a database, in its schema `state`:
  <model>   key columns, fingerprint: what the rows of each key were computed from
  versions  model, checksum: the SQL that the table, or the view, was built with
  rewrites  what each invocation rewrote, one row per model that had anything to do
  seen      model, text: what it had read when it was built last
-#}

{% macro dirty_keys() -%}
/*fingerprints:*/ {{ caller() }} /*:fingerprints*/
{%- endmacro %}


{#- The recorded fingerprints of another model: what its table holds now. -#}
{% macro state_of(model_name) -%}
    {%- set relation = ref(model_name) -%}
    {{ relation.database }}.state.{{ relation.identifier }}
{%- endmacro %}


{#- What the rows of a key in several models were computed from, as one fingerprint a key: for `dirty_keys`. -#}
{% macro states_of(models, key=['connection_id', 'order_id']) -%}
    select
        {{ key | join(', ') }},
        {{ set_fingerprint(['source', 'fingerprint']) }} as fingerprint
    from (
        {%- for name in models %}
        select {{ key | join(', ') }}, '{{ name }}' as source, fingerprint
        from {{ state_of(name) }}
        {{ "union all" if not loop.last }}
        {%- endfor %}
    ) as states
    group by {{ key | join(', ') }}
{%- endmacro %}


{% macro create_state(database) -%}
    create schema if not exists {{ database }}.state;
    create table if not exists {{ database }}.state.versions (
        model varchar, checksum varchar
    );
    create table if not exists {{ database }}.state.rewrites (
        invocation_id varchar, model varchar, is_rebuild boolean,
        dirty_keys bigint, rows_deleted bigint, rows_inserted bigint
    );
    create table if not exists {{ database }}.state.seen (
        model varchar, text varchar
    );
{%- endmacro %}


{#- What a table is computed by and from, and what is recorded of it:
      checksum   md5 of the SQL that the table is computed by: its own, and that of all views above it; they and
                 the tables above it stand for themselves by their recorded checksum. The home folder is left
                 out, so that moving it rebuilds nothing, and the clock, which is no code
      recorded   the one that it was built by
      read       a text for all that it reads itself or through views: files of the lake, rows of the log and of the
                 registry (`config.meta.own_inputs`, a text), and of tables (`own_tables`, their names) how often,
                 and by whom, each was rewritten. The build sets both; without them there is no such text
      seen       the same when it was built last
    A table for which `read` is what it was needs no look: its keys have the fingerprints that they had. -#}
{% macro what_is_read(compiled_sql) %}
    {%- set home = env_var('TRIBUTARY_HOME') -%}
    {%- set models = [] -%}
    {%- set seeds = [] -%}
    {%- set queue = model.depends_on.nodes | list -%}
    {%- set visited = [] -%}
    {%- for _ in range(1000) if queue -%}
        {%- set unique_id = queue.pop() -%}
        {%- if unique_id not in visited and unique_id in graph.nodes -%}
            {%- do visited.append(unique_id) -%}
            {%- set node = graph.nodes[unique_id] -%}
            {%- if node.resource_type == 'seed' -%}
                {%- do seeds.append(node.name ~ ':' ~ node.checksum.checksum) -%}
            {%- else -%}
                {%- do models.append(node.alias) -%}
                {%- if node.config.materialized == 'view' -%}
                    {%- do queue.extend(node.depends_on.nodes) -%}
                {%- endif -%}
            {%- endif -%}
        {%- endif -%}
    {%- endfor -%}
    {%- set names = "('" ~ models | join("', '") ~ "')" -%}
    {%- call statement('what_is_read', fetch_result=true, auto_begin=false) -%}
        select
            (
                select coalesce(md5(string_agg(model || ':' || checksum, '|' order by model)), '')
                from (select * from build.state.versions union all select * from serve.state.versions)
                where model in {{ names }}
            ),
            (select max(checksum) from {{ this.database }}.state.versions where model = '{{ this.identifier }}'),
            (
                select coalesce(string_agg(model || ':' || rewrites || ':' || latest, '|' order by model), '')
                from (
                    select model, count(*) as rewrites, max(invocation_id) as latest
                    from (select * from build.state.rewrites union all select * from serve.state.rewrites)
                    where model in ('{{ model.config.meta.get('own_tables', []) | join("', '") }}')
                    group by model
                )
            ),
            (select max(text) from {{ this.database }}.state.seen where model = '{{ this.identifier }}')
    {%- endcall -%}
    {%- set upstream, recorded, rewrites, seen = load_result('what_is_read')['data'][0] -%}
    {%- set own_inputs = model.config.meta.get('own_inputs') -%}
    {{ return({
        'checksum': local_md5(compiled_sql | replace(home, '') | replace(var('as_of') or '', '') ~ upstream ~ (seeds | sort | join('|')) ~ (config.get('order_by') or []) | join(',')),
        'recorded': recorded,
        'read': local_md5(own_inputs ~ '|' ~ rewrites) if own_inputs else none,
        'seen': seen,
    }) }}
{% endmacro %}


{#- Whether a table is there, built by this code, of what there is to read: it would be made the same again. -#}
{% macro is_unchanged(existing, found) -%}
    {{ return(
        existing is not none and existing.is_table and not should_full_refresh()
        and found.recorded == found.checksum and found.read is not none and found.read == found.seen
    ) }}
{%- endmacro %}


{#- Statements that write down what a table was computed from. -#}
{% macro record_seen(found) -%}
    {%- set table = this.database ~ '.state.seen' -%}
    delete from {{ table }} where model = '{{ this.identifier }}'
    {%- if found.read is not none %};
    insert into {{ table }} values ('{{ this.identifier }}', '{{ found.read }}')
    {%- endif -%}
{%- endmacro %}


{% macro match_keys(key, left, right) -%}
    {%- for column in key -%}
        {{ left }}.{{ column }} is not distinct from {{ right }}.{{ column }}
        {%- if not loop.last %} and {% endif -%}
    {%- endfor -%}
{%- endmacro %}


{#- The days from the first dirty one to the last, which spares a scan the row groups of all others;
    nothing when the key has no day. -#}
{% macro within_dirty_days(key, rows, dirty_table) -%}
    {%- for column in key if column in ['date_day', 'date_utc', 'date_month'] -%}
        {%- call statement('dirty_days', fetch_result=true) -%}
            select cast(min({{ column }}) as varchar), cast(max({{ column }}) as varchar), count(*) = count({{ column }})
            from {{ dirty_table }}
        {%- endcall -%}
        {%- set days = load_result('dirty_days')['data'][0] -%}
        {%- if days[2] -%}
            and {{ rows }}.{{ column }} between cast('{{ days[0] }}' as date) and cast('{{ days[1] }}' as date)
        {%- endif -%}
    {%- endfor -%}
{%- endmacro %}


{#- Shows a model with `own_days` the days from `first` to `last` of its raw rows, two expressions; all without. -#}
{% macro show_days(first=none, last=none) -%}
    {%- call statement('shown_days') -%}
        {%- if first is none -%}
            reset variable first_shown_day;
            reset variable last_shown_day
        {%- else -%}
            set variable first_shown_day = {{ first }};
            set variable last_shown_day = {{ last }}
        {%- endif -%}
    {%- endcall -%}
{%- endmacro %}


{#- Shows a model the raw rows of the connections that have dirty keys; those of all without a table of keys. To look
    for each row in a long list would cost more than it spares. -#}
{% macro show_connections(keys=none) -%}
    {%- call statement('shown_connections') -%}
        {%- if keys is none -%}
            reset variable shown_connections;
            reset variable shown_platforms
        {%- else -%}
            set variable shown_connections = (
                select case when count(distinct connection_id) <= 20 then list(distinct connection_id) end
                from {{ keys }}
            );
            set variable shown_platforms = (
                select list(distinct platform) from build.main.stg_lake__syncs
                where connection_id in (select connection_id from {{ keys }})
            )
        {%- endif -%}
    {%- endcall -%}
{%- endmacro %}


{#- The column of a key that is a day. -#}
{% macro day_of_key(key) -%}
    {{ return((key | select('in', ['date_day', 'date_utc']) | list + [none])[0]) }}
{%- endmacro %}


{#- The pieces that a model is computed in, in their order: of each its first day and its last. One piece without either
    where the model has none. `keys` are those to be computed, as a table. -#}
{% macro pieces(keys) -%}
    {%- set day = day_of_key(config.require('key')) -%}
    {%- if config.get('in_pieces') or config.get('own_days') -%}
        {%- call statement('pieces', fetch_result=true) -%}
            select cast(min(day) as varchar), cast(max(day) as varchar)
            from (
                select
                    {{ day }} as day,
                    {%- if config.get('in_pieces') %}
                    (sum(sum(key_rows)) over (order by {{ day }}) - sum(key_rows))
                    // {{ env_var('TRIBUTARY_PIECE_ROWS', '2000000') | int }} as piece
                    {%- else %}
                    2 * year({{ day }}) + cast(month({{ day }}) > 6 as integer) as piece
                    {%- endif %}
                from {{ keys }}
                group by {{ day }}
            )
            group by piece
            order by piece
        {%- endcall -%}
        {{ return(load_result('pieces')['data']) }}
    {%- endif -%}
    {{ return([(none, none)]) }}
{%- endmacro %}


{#- Inserts the rows of `keys`, a table, piece by piece; returns how many. `head` and `tail` are the model's SQL before and
    after its keys; with `create` the table is made anew. -#}
{% macro insert_pieces(target, keys, head, tail, create=false) -%}
    {%- set key = config.require('key') -%}
    {%- set day, around = day_of_key(key), config.get('days_around', 0) -%}
    {%- set done = namespace(rows=0, is_made=not create) -%}
    {%- for first_day, last_day in pieces(keys) or ([(none, none)] if create else []) -%}
        {%- set first, last = "cast('" ~ first_day ~ "' as date)", "cast('" ~ last_day ~ "' as date)" -%}
        {%- if config.get('own_days') and first_day -%}
            {%- do show_days(add_days(first, -around), add_days(last, around)) -%}
        {%- endif -%}
        {%- call statement('main', fetch_result=true) -%}
            {{ 'insert into ' ~ target ~ ' by name' if done.is_made else 'create or replace table ' ~ target ~ ' as' }}
            select * from (
                {{ head }}
                select {{ key | join(', ') }} from {{ keys }}
                {%- if first_day %}
                where {{ day }} between {{ first }} and {{ last }}
                {%- endif %}
                {{ tail }}
            )
            order by {{ (config.get('order_by') or key) | join(', ') }}
        {%- endcall -%}
        {%- set done.rows = done.rows + count_of('main') -%}
        {%- set done.is_made = true -%}
    {%- endfor -%}
    {%- if config.get('own_days') -%}
        {%- do show_days() -%}
    {%- endif -%}
    {{ return(done.rows) }}
{%- endmacro %}


{% macro count_of(statement_name) -%}
    {{ return(load_result(statement_name)['data'][0][0]) }}
{%- endmacro %}


{#- Reports a table's number of rows and its columns' types to who reads dbt's events as JSON: Dagster. -#}
{% macro report_table(relation) -%}
    {%- if env_var('DBT_LOG_FORMAT', '') == 'json' -%}
        {%- call statement('table_facts', fetch_result=true) -%}
            select
                (select count(*) from {{ relation }}),
                (
                    {#- Of this table alone: `duckdb_columns()` looks at those of every view, too. -#}
                    select string_agg(name || ' ' || type, chr(10) order by cid)
                    from pragma_table_info('{{ relation.database }}.{{ relation.schema }}.{{ relation.identifier }}')
                )
        {%- endcall -%}
        {%- set facts = load_result('table_facts')['data'][0] -%}
        {%- do log(tojson({'table_of': model.unique_id, 'rows': facts[0], 'types': facts[1]}), info=true) -%}
    {%- endif -%}
{%- endmacro %}


{% materialization dirty_keys, adapter='duckdb' %}
    {%- set target_relation = this.incorporate(type='table') -%}
    {%- set key = config.require('key') -%}
    {%- set state_columns = key + ['fingerprint'] + (['key_rows'] if config.get('in_pieces') else []) -%}
    {%- set name = this.identifier -%}
    {%- set state_schema = this.database ~ '.state' -%}
    {%- set state_table = state_schema ~ '.' ~ name -%}
    {%- set now_table = 'temp.main.' ~ name ~ '__now' -%}
    {%- set dirty_table = 'temp.main.' ~ name ~ '__dirty' -%}

    {%- if sql.count('/*fingerprints:*/') != 1 or sql.count('/*:fingerprints*/') != 1 -%}
        {% do exceptions.raise_compiler_error(name ~ ': a dirty_keys model calls dirty_keys() exactly once') %}
    {%- endif -%}
    {%- set head = sql.split('/*fingerprints:*/')[0] -%}
    {%- set fingerprints = sql.split('/*fingerprints:*/')[1].split('/*:fingerprints*/')[0] -%}
    {%- set tail = sql.split('/*:fingerprints*/')[1] -%}

    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {%- set found = what_is_read(sql) -%}
    {%- set existing = load_cached_relation(this) -%}
    {%- set unchanged = is_unchanged(existing, found) -%}
    {%- set rebuild = should_full_refresh() or existing is none or not existing.is_table or found.recorded != found.checksum -%}

    {{ run_hooks(pre_hooks, inside_transaction=True) }}

    {#- Fingerprints are read before rows: what lands in between is at worst done twice. Statements go
        together where they can: each of its own costs dbt more time than DuckDB. -#}
    {%- set read_fingerprints -%}
        create or replace temp table {{ name }}__now as {{ fingerprints }}
    {%- endset -%}

    {%- if unchanged -%}
        {%- set dirty, deleted, inserted = 0, 0, 0 -%}
    {%- elif rebuild -%}
        {%- call statement('fingerprints') -%} {{ read_fingerprints }} {%- endcall -%}
        {%- if existing is not none and not existing.is_table -%}
            {%- do adapter.drop_relation(existing) -%}
        {%- endif -%}
        {%- set inserted = insert_pieces(target_relation, now_table, head, tail, create=true) -%}
        {%- call statement('dirty', fetch_result=true) -%}
            create or replace table {{ state_table }} as
            select {{ state_columns | join(', ') }} from {{ now_table }};
            delete from {{ state_schema }}.versions where model = '{{ name }}';
            insert into {{ state_schema }}.versions values ('{{ name }}', '{{ found.checksum }}');
            select count(*) from {{ now_table }}
        {%- endcall -%}
        {%- set dirty = count_of('dirty') -%}
        {%- set deleted = 0 -%}
    {%- else -%}
        {%- call statement('dirty', fetch_result=true) -%}
            {{ read_fingerprints }};
            create or replace temp table {{ name }}__dirty as
            select
                {%- for column in key %}
                coalesce(truth.{{ column }}, state.{{ column }}) as {{ column }},
                {%- endfor %}
                {%- if config.get('in_pieces') %}
                truth.key_rows,
                {%- endif %}
                truth.fingerprint is not null as is_in_truth
            from {{ now_table }} as truth
            full outer join {{ state_table }} as state
                on {{ match_keys(key, 'truth', 'state') }}
            where truth.fingerprint is distinct from state.fingerprint;
            select count(*) from {{ dirty_table }}
        {%- endcall -%}
        {%- set dirty = count_of('dirty') -%}
        {%- if dirty > 0 -%}
            {%- if 'connection_id' in key -%}
                {%- do show_connections(dirty_table) -%}
            {%- endif -%}
            {%- if config.get('own_log_files') -%}
                {%- call statement('shown_log_files') -%}
                    {#- The file without rows too: it has columns that files of an earlier version lack. -#}
                    set variable shown_log_files = (
                        select list(files.file)
                        from ({{ log_files() }}) as files
                        left join {{ dirty_table }} as dirty on files.log_month = dirty.log_month
                        where dirty.log_month is not null or files.file like '%/empty.parquet'
                    )
                {%- endcall -%}
            {%- endif -%}
            {%- set within = within_dirty_days(key, 'rows', dirty_table) -%}
            {%- call statement('delete', fetch_result=true) -%}
                delete from {{ target_relation }} as rows using {{ dirty_table }} as dirty
                where {{ match_keys(key, 'rows', 'dirty') }} {{ within }}
            {%- endcall -%}
            {#- A vanished key is deleted and not computed: a model may make rows of the key alone. -#}
            {%- set inserted = insert_pieces(target_relation, '(from ' ~ dirty_table ~ ' where is_in_truth)', head, tail) -%}
            {%- if 'connection_id' in key -%}
                {%- do show_connections() -%}
            {%- endif -%}
            {%- if config.get('own_log_files') -%}
                {%- call statement('all_log_files') -%}
                    reset variable shown_log_files
                {%- endcall -%}
            {%- endif -%}
            {%- call statement('state') -%}
                delete from {{ state_table }} as state using {{ dirty_table }} as dirty
                where {{ match_keys(key, 'state', 'dirty') }};
                insert into {{ state_table }} by name
                select truth.{{ state_columns | join(', truth.') }}
                from {{ now_table }} as truth
                inner join {{ dirty_table }} as dirty on {{ match_keys(key, 'truth', 'dirty') }}
            {%- endcall -%}
        {%- endif -%}
        {%- set deleted = count_of('delete') if dirty > 0 else 0 -%}
        {%- set inserted = inserted if dirty > 0 else 0 -%}
    {%- endif -%}

    {%- if not unchanged -%}
        {%- call statement('rewrites') -%}
            {{ record_seen(found) }}
            {%- if rebuild or dirty > 0 %};
            insert into {{ state_schema }}.rewrites values (
                '{{ invocation_id }}', '{{ name }}', {{ rebuild }}, {{ dirty }}, {{ deleted }}, {{ inserted }}
            )
            {%- endif -%}
        {%- endcall -%}
    {%- endif -%}
    {%- do store_raw_result(
        'main',
        message='unchanged' if unchanged else ('rebuilt ' if rebuild else 'dirty keys ' ~ dirty ~ ', deleted ' ~ deleted ~ ', inserted ') ~ inserted,
        code='OK', rows_affected=inserted
    ) -%}

    {%- do report_table(target_relation) -%}

    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {{ adapter.commit() }}
    {%- if not unchanged -%}
        {%- call statement('drop_temporary', auto_begin=false) -%}
            drop table if exists {{ now_table }};
            drop table if exists {{ dirty_table }}
        {%- endcall -%}
    {%- endif -%}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}
