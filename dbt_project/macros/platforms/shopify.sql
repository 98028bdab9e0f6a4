{#- `gid://shopify/Order/5001` as `5001`; ids of other shapes stay as they are. -#}
{% macro id_of_gid(gid) -%}
    regexp_extract({{ gid }}, '([^/]+)$', 1)
{%- endmacro %}
