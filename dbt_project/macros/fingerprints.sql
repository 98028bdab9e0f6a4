{#- A text for a row: its columns, a null differs from an empty text. For fingerprints alone: a change that only moves a '|'
    from one column to its neighbour is not seen. -#}
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


{#- The hash of a natural key, as text: the house's surrogate key. No two keys have the same text, whatever is in them: they hold
    words that anybody can write into a link, and one key for two rows would fail a test and hold back every release. So a
    part with the separator in it, or that begins like a null, says how long it is. -#}
{% macro surrogate_key(columns) -%}
    md5(concat_ws('|'
    {%- for column in columns -%}
    {%- set text = 'cast(' ~ column ~ ' as varchar)' -%}
    , case when {{ text }} like '%|%' or {{ text }} like '~%' then concat('~', length({{ text }}), ':', {{ text }}) else coalesce({{ text }}, '~') end
    {%- endfor -%}
    ))
{%- endmacro %}
