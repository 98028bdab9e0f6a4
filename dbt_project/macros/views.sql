{#-
A view is replaced in one statement, which DuckDB does atomically. dbt's own materialization makes
another view, renames the old one, renames the new one and drops the old one: on a warehouse that is
half views, a third of a build that finds nothing to do.

The view's SQL is recorded as a table's is: by it `what_is_read` sees whether what reads the view
must be rebuilt. DuckDB's own text of a view is worded otherwise once the file was closed.
-#}
{% materialization view, adapter='duckdb' %}
    {%- set target = this.incorporate(type='view') -%}
    {%- set existing = load_cached_relation(this) -%}
    {%- set versions = this.database ~ '.state.versions' -%}
    {%- set checksum = local_md5(sql | replace(env_var('TRIBUTARY_HOME'), '')) -%}
    {{ run_hooks(pre_hooks) }}
    {%- if existing is not none and not existing.is_view -%}
        {%- do adapter.drop_relation(existing) -%}
    {%- endif -%}
    {%- call statement('main') -%}
        create or replace view {{ target }} as (
            {{ sql }}
        );
        delete from {{ versions }} where model = '{{ this.identifier }}' and checksum <> '{{ checksum }}';
        insert into {{ versions }}
        select '{{ this.identifier }}', '{{ checksum }}'
        where not exists (select 1 from {{ versions }} where model = '{{ this.identifier }}')
    {%- endcall -%}
    {%- do persist_docs(target, model) -%}
    {{ run_hooks(post_hooks) }}
    {{ adapter.commit() }}
    {{ return({'relations': [target]}) }}
{% endmaterialization %}
