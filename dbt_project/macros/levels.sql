{#- The columns of a level (`vars: levels:` in dbt_project.yml), each with its type in SQL. -#}
{% macro level_columns(level) -%}
    {%- set types = {
        'text': 'varchar', 'origin': 'varchar', 'flag': 'boolean', 'day': 'date', 'time': 'timestamp with time zone', 'integer': 'integer',
        'count': 'bigint', 'people': 'bigint', 'money': 'decimal(18, 6)', 'number': 'decimal(18, 6)',
        'score': 'decimal(18, 6)', 'amount': 'decimal(24, 6)',
    } -%}
    {%- set whose = {'text': ['organization_id', 'connection_id', 'platform', 'account_id', '_sync_id']} -%}
    {%- set columns = {} -%}
    {%- for names_by_kind in [whose, var('levels')[level]] -%}
        {%- for kind, names in names_by_kind.items() -%}
            {%- for name in names -%}
                {%- do columns.update({name: types[kind]}) -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(columns) }}
{%- endmacro %}


{#- The models of a level (of `words` and `channel_rules`: seeds), by name. While the project is parsed dbt knows none of them yet: they are those that
    `orchestration/level_models.py` found in the yml files. -#}
{% macro level_models(level) -%}
    {%- if not execute -%}{{ return(var('level_models').get(level, [])) }}{%- endif -%}
    {%- set found = [] -%}
    {%- for node in graph.nodes.values() if node.config.meta.get('level') == level -%}
        {%- do found.append(node.name) -%}
    {%- endfor -%}
    {{ return(found | sort) }}
{%- endmacro %}


{#- The streams of some levels, as pairs of platform and stream. While the project is parsed: those of the yml files. -#}
{% macro level_sources(levels) -%}
    {%- set found = [] -%}
    {%- if not execute -%}
        {%- for level in levels -%}{%- do found.extend(var('level_sources').get(level, [])) -%}{%- endfor -%}
    {%- else -%}
        {%- for node in graph.get('sources', {}).values() if node.config.meta.get('level') in levels -%}
            {%- do found.append([node.source_name, node.name]) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(found | sort) }}
{%- endmacro %}


{#- The rows of all models of a level, in the level's columns; what a platform does not report is null. -#}
{% macro union_of(level) -%}
    {%- set columns = level_columns(level) -%}
    select
        {{ columns | join(',
        ') }}
    from (
        {%- call shown_union(level_models(level)) %}
        select
            {%- for name, type in columns.items() %}
            cast(null as {{ type }}) as {{ name }}{{ "," if not loop.last }}
            {%- endfor %}
        where 1 = 0
        {%- endcall %}
    ) as models_of_level
{%- endmacro %}


{#- The rows of models beside those of the query inside, by their columns' names. DuckDB plans the models of those
    platforms alone that the model now being built wants to see (`show_connections`): a query on one platform then
    takes the same time beside four others and beside forty. -#}
{% macro shown_union(models) %}{{ return(adapter.dispatch('shown_union')(models, caller())) }}{% endmacro %}
{% macro duckdb__shown_union(models, empty) -%}
        select * from query(
            '{{ empty }}'
            {%- for name in models %}
            || case when {{ is_shown_platform(staged_platform(name)) }} then ' union all by name select * from {{ ref(name) }}' else '' end
            {%- endfor %}
        )
{%- endmacro %}
{% macro spark__shown_union(models, empty) -%}
        {{ empty }}
        {%- for name in models %}
        union all by name
        select * from {{ ref(name) }}
        {%- endfor %}
{%- endmacro %}


{#- The platform whose staging model this is; none of any other model. -#}
{% macro staged_platform(name) -%}
    {%- set node = graph.get('nodes', {}).get('model.' ~ project_name ~ '.' ~ name) -%}
    {{ return(node.fqn[2] if node and node.fqn[1] == 'staging' else none) }}
{%- endmacro %}
