{#- The instant that counts as now; there is no other clock in this project. -#}
{% macro as_of() -%}
    {%- if execute and not var('as_of') -%}
        {% do exceptions.raise_compiler_error("pass --vars '{as_of: \"2026-11-15T06:00:00Z\"}': no model reads a clock") %}
    {%- endif -%}
    cast('{{ var("as_of") }}' as timestamp with time zone)
{%- endmacro %}
