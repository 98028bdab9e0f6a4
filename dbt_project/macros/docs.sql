{#- The published tables as the project describes them. -#}
{% macro published_nodes() -%}
    {%- set nodes = [] -%}
    {%- if execute -%}
        {%- for node in graph.nodes.values() if node.resource_type == 'model' and node.database == 'serve' -%}
            {%- do nodes.append(node) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(nodes | sort(attribute='name')) }}
{%- endmacro %}


{% macro text_literal(text) -%}
    '{{ (text or '') | replace('\n', ' ') | trim | replace("'", "''") }}'
{%- endmacro %}


{% macro docs_of_tables() -%}
with

described as (
    select
        cast(null as varchar) as table_name,
        cast(null as varchar) as layer,
        cast(null as varchar) as grain,
        cast(null as varchar) as description
    where 1 = 0
    {%- for node in published_nodes() %}
    union all
    select {{ text_literal(node.name) }}, {{ text_literal(node.fqn[1]) }}, {{ text_literal(node.config.meta.get('grain')) }}, {{ text_literal(node.description) }}
    {%- endfor %}
)

select * from described
{%- endmacro %}


{% macro docs_of_columns() -%}
with

described as (
    select
        cast(null as varchar) as table_name,
        cast(null as varchar) as column_name,
        cast(null as integer) as column_number,
        cast(null as varchar) as description
    where 1 = 0
    {%- for node in published_nodes() %}
    {%- for column in node.columns.values() %}
    union all
    select {{ text_literal(node.name) }}, {{ text_literal(column.name) }}, {{ loop.index }}, {{ text_literal(column.description) }}
    {%- endfor %}
    {%- endfor %}
)

select * from described
{%- endmacro %}

