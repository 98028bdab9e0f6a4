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


{#- An aggregate: a fingerprint of a set of distinct rows, whatever their order. -#}
{% macro set_fingerprint(columns) -%}
    concat_ws('-', cast(count(*) as varchar), cast(bit_xor({{ hash_number(row_text(columns)) }}) as varchar))
{%- endmacro %}


{#- The hash of a natural key, as text: the house's surrogate key. -#}
{% macro surrogate_key(columns) -%}
    md5({{ row_text(columns) }})
{%- endmacro %}
