{#- A text for a row: its columns, a null differs from an empty text. -#}
{% macro row_text(columns) -%}
    concat_ws('|'
    {%- for column in columns -%}
    , coalesce(cast({{ column }} as varchar), '~')
    {%- endfor -%}
    )
{%- endmacro %}


{#- A fingerprint of one row. -#}
{% macro fingerprint(columns) -%}
    md5({{ row_text(columns) }})
{%- endmacro %}


{#- An aggregate: a fingerprint of rows, whatever their order. Two equal rows are not the same as none or as four. -#}
{% macro set_fingerprint(columns) -%}
    concat_ws('-', cast(count(*) as varchar), cast({{ hash_sum(row_text(columns)) }} as varchar))
{%- endmacro %}


{#- The hash of a natural key, as text: the house's surrogate key. -#}
{% macro surrogate_key(columns) -%}
    md5({{ row_text(columns) }})
{%- endmacro %}
