{{ config(materialized='dirty_keys', key=['connection_id', 'order_id'], order_by=['organization_id', 'date_day', 'connection_id', 'order_id']) }}

-- What every shop and file books of the lines of its orders, each entry on its own day: a return line is negative and
-- stands on the day of its refund, what an edit added on the day of the edit.

with

dirty_keys as (
    {% call dirty_keys() %}
    {{ states_of(level_models('order_lines')) }}
    {% endcall %}
),

unioned as (
    {{ union_of('order_lines') }}
),

lines as (
    select unioned.*
    from unioned
    inner join dirty_keys
        on unioned.connection_id = dirty_keys.connection_id and unioned.order_id = dirty_keys.order_id
),

valued as (
    select
        *,
        {{ surrogate_key(['organization_id', 'platform', 'account_id', 'product_id', 'variant_id']) }} as product_key,
        try_cast(case when is_tax_included then tax_amount else 0 end as decimal(24, 6)) as included_tax_amount,
        try_cast(gross_amount - discount_amount - case when is_tax_included then tax_amount else 0 end as decimal(24, 6)) as net_amount
    from lines
)

select * from valued
