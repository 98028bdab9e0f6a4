{#- `gid://shopify/Order/5001` as `5001`; ids of other shapes stay as they are. -#}
{% macro id_of_gid(gid) -%}
    regexp_extract({{ gid }}, '([^/]+)$', 1)
{%- endmacro %}


{#- The head of a model of orders: its dirty orders, and of each of `models` their rows, under the last part of its name.
    `wheres` has what else a model's rows must fulfil, by the model's name. -#}
{% macro rows_of_dirty_orders(models, wheres={}) -%}
with

dirty_keys as (
    {% call dirty_keys() %}
    {{ states_of(models) }}
    {% endcall %}
),

{%- for name in models %}

{{ name.split('__')[1] }} as (
    select staged.*
    from {{ ref(name) }} as staged
    inner join dirty_keys
        on staged.connection_id = dirty_keys.connection_id and staged.order_id = dirty_keys.order_id
    {{ "where " ~ wheres[name] if name in wheres }}
),
{%- endfor %}
{%- endmacro %}
