{{ config(materialized='dirty_keys', key=['connection_id', 'order_id'], order_by=['organization_id', 'date_day', 'connection_id', 'order_id']) }}

-- What each discount took off the goods and the shipping of an order: the sum of its allocations. An edit keeps the
-- allocations of what it takes away.

with

dirty_keys as (
    {% call dirty_keys() %}
    select connection_id, order_id, fingerprint from {{ state_of('stg_shopify__orders') }}
    {% endcall %}
),

orders as (
    select orders.*
    from {{ ref('stg_shopify__orders') }} as orders
    inner join dirty_keys
        on orders.connection_id = dirty_keys.connection_id and orders.order_id = dirty_keys.order_id
),

items as (
    select
        connection_id,
        order_id,
        'goods' as applies_to,
        {{ json_elements('line_items') }} as item
    from orders
    union all
    select
        connection_id,
        order_id,
        'shipping' as applies_to,
        {{ json_elements('shipping_lines') }} as item
    from orders
),

-- A repeated element is one line.
distinguished as (
    select distinct
        connection_id,
        order_id,
        applies_to,
        {{ json_text('item', 'id') }} as item_id,
        {{ json_list('item', 'discountAllocations') }} as item_allocations
    from items
),

allocations as (
    select
        *,
        {{ json_elements('item_allocations') }} as allocation
    from distinguished
),

named as (
    select
        connection_id,
        order_id,
        applies_to,
        case {{ json_text('allocation', 'discountApplication.__typename') }}
            when 'DiscountCodeApplication' then 'code'
            when 'AutomaticDiscountApplication' then 'automatic'
            when 'ManualDiscountApplication' then 'manual'
            when 'ScriptDiscountApplication' then 'script'
        end as discount_kind,
        case {{ json_text('allocation', 'discountApplication.value.__typename') }}
            when 'PricingPercentageValue' then 'percentage'
            when 'MoneyV2' then 'fixed_amount'
        end as discount_type,
        coalesce({{ json_text('allocation', 'discountApplication.code') }}, {{ json_text('allocation', 'discountApplication.title') }}) as discount_name,
        {{ json_number('allocation', 'allocatedAmountSet.shopMoney.amount') }} as amount
    from allocations
),

{{ summed_discounts() }}
