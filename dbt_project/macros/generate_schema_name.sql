{#- Every table is in `main`; the databases (build, serve) keep the layers apart. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ custom_schema_name or target.schema }}
{%- endmacro %}
