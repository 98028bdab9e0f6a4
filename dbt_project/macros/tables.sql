{#-
A table without keys of its own is computed whole, and replaced only if its rows are others than before: what is
computed from it then has nothing to do. What it did is recorded as that of a `dirty_keys` model is.
-#}
{% materialization table, adapter='duckdb' %}
    {%- set target = this.incorporate(type='table') -%}
    {%- set name = this.identifier -%}
    {%- set new_rows = 'temp.main.' ~ name ~ '__new' -%}
    {%- set state_schema = this.database ~ '.state' -%}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {%- set found = what_is_read(sql) -%}
    {%- set existing = load_cached_relation(this) -%}
    {%- set unchanged = is_unchanged(existing, found) -%}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}

    {%- set done = {'inserted': 0, 'message': 'unchanged'} -%}
    {%- if not unchanged -%}
        {%- set is_comparable = existing is not none and existing.is_table and found.recorded == found.checksum -%}
        {%- call statement('new_rows', fetch_result=true) -%}
            create or replace temp table {{ name }}__new as {{ sql }};
            select rows, (rows, hashes) is not distinct from
                {{ '(select (count(*), sum(hash(old)::hugeint)) from ' ~ target ~ ' as old)' if is_comparable else 'null' }}
            from (select count(*) as rows, sum(hash(new)::hugeint) as hashes from {{ new_rows }} as new)
        {%- endcall -%}
        {%- set rows, is_same = load_result('new_rows')['data'][0] -%}
        {%- if not is_same or should_full_refresh() -%}
            {%- if existing is not none and not existing.is_table -%}
                {%- do adapter.drop_relation(existing) -%}
            {%- endif -%}
            {%- do done.update({'inserted': rows, 'message': 'rebuilt ' ~ rows}) -%}
            {%- call statement('main') -%}
                create or replace table {{ target }} as select * from {{ new_rows }};
                delete from {{ state_schema }}.versions where model = '{{ name }}';
                insert into {{ state_schema }}.versions values ('{{ name }}', '{{ found.checksum }}');
                insert into {{ state_schema }}.rewrites values ('{{ invocation_id }}', '{{ name }}', true, 0, 0, {{ rows }})
            {%- endcall -%}
        {%- endif -%}
        {%- call statement('seen') -%}
            {{ record_seen(found) }}
        {%- endcall -%}
    {%- endif -%}
    {%- do store_raw_result('main', message=done.message, code='OK', rows_affected=done.inserted) -%}

    {%- do report_table(target) -%}

    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {{ adapter.commit() }}
    {%- if not unchanged -%}
        {%- call statement('drop_new_rows', auto_begin=false) -%}
            drop table if exists {{ new_rows }}
        {%- endcall -%}
    {%- endif -%}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [target]}) }}
{% endmaterialization %}
