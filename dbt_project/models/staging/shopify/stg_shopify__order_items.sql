{{ config(materialized='dirty_keys', key=['connection_id', 'order_id'], order_by=['organization_id', 'date_day', 'connection_id', 'order_id', 'line_number']) }}

-- What each line of an order, and its shipping, was worth when it was placed. A line's own word is the
-- truth: its discount allocations and its taxes, where an empty list says that there are none. What only
-- the order states is of lines and shipping together, so it is spread over both, and only where no line
-- states its own.

with

dirty_keys as (
    {% call dirty_keys() %}
    select connection_id, order_id, fingerprint from {{ state_of('stg_shopify__order_lines') }}
    {% endcall %}
),

orders as (
    select orders.*
    from {{ ref('stg_shopify__orders') }} as orders
    inner join dirty_keys
        on orders.connection_id = dirty_keys.connection_id and orders.order_id = dirty_keys.order_id
),

lines as (
    select lines.*
    from {{ ref('stg_shopify__order_lines') }} as lines
    inner join dirty_keys
        on lines.connection_id = dirty_keys.connection_id and lines.order_id = dirty_keys.order_id
),

-- Shipping is an item beside the lines, the last one.
shipping as (
    select
        orders.*,
        nullif(shipping_lines, 'null') is not null as is_shipping_stated,
        {{ json_sum('shipping_lines', '[*].originalPriceSet.shopMoney.amount') }} as shipping_list_amount,
        {{ json_sum('shipping_lines', '[*].discountedPriceSet.shopMoney.amount') }} as shipping_discounted_amount,
        {{ json_sum('shipping_lines', '[*].discountAllocations[*].allocatedAmountSet.shopMoney.amount') }} as shipping_allocated,
        {{ json_sum('shipping_lines', '[*].taxLines[*].priceSet.shopMoney.amount') }} as shipping_line_tax
    from orders
),

items as (
    select
        connection_id,
        order_id,
        line_id,
        item_type,
        line_number,
        quantity,
        list_amount,
        allocated_discount,
        list_amount - discounted_amount as own_discount,
        line_tax,
        line_tax_rate
    from lines
    union all
    select
        connection_id,
        order_id,
        '' as line_id,
        'shipping' as item_type,
        1000000 as line_number,
        cast(0 as decimal(24, 6)) as quantity,
        coalesce(shipping_list_amount, case when is_shipping_stated then 0 else total_shipping end, 0) as list_amount,
        case
            when is_shipping_stated
                then coalesce(shipping_allocated, shipping_list_amount - shipping_discounted_amount, 0)
        end as allocated_discount,
        cast(0 as decimal(24, 6)) as own_discount,
        case when is_shipping_stated then coalesce(shipping_line_tax, 0) end as line_tax,
        {{ unreported('decimal(24, 6)') }} as line_tax_rate
    from shipping
),

with_order as (
    select
        items.*,
        orders.organization_id,
        orders.date_day,
        orders.is_edited,
        orders.is_tax_included,
        orders.subtotal_price,
        orders.total_discounts,
        orders.total_tax,
        count(case when items.item_type <> 'shipping' then items.allocated_discount end) over one_order > 0 as are_discounts_stated,
        count(case when items.item_type <> 'shipping' then items.line_tax end) over one_order > 0 as are_taxes_stated,
        sum(case when items.item_type <> 'shipping' then items.list_amount else 0 end) over one_order as order_list_amount
    from items
    inner join orders
        on items.connection_id = orders.connection_id and items.order_id = orders.order_id
    window one_order as (partition by items.connection_id, items.order_id)
),

-- Without allocations the subtotal says what was taken off the goods. An edited order's subtotal is of
-- other lines than it was placed with.
stated as (
    select
        *,
        coalesce(allocated_discount, own_discount) as stated_discount,
        case
            when
                not are_discounts_stated
                and not is_edited
                and order_list_amount - subtotal_price between 0 and coalesce(total_discounts, 0)
                then order_list_amount - subtotal_price
        end as goods_discount
    from with_order
),

unplaced as (
    select
        *,
        try_cast(
            goods_discount - sum(case when item_type = 'shipping' then 0 else stated_discount end) over one_order as decimal(24, 6)
        ) as unplaced_discount,
        case when item_type = 'shipping' then 0 else list_amount - stated_discount end as discount_weight
    from stated
    window one_order as (partition by connection_id, order_id)
),

{{ split_amounts(
    'unplaced', ['unplaced_discount'], weight='discount_weight', whole=['connection_id', 'order_id'], position='line_number',
) }}

discounted as (
    select
        *,
        case
            when item_type <> 'shipping' then try_cast(stated_discount + coalesce(unplaced_discount_share, 0) as decimal(24, 6))
        end as line_discount
    from unplaced_split
),

-- The rest of the order's discounts is off the shipping, where that does not say so itself.
with_discount as (
    select
        connection_id,
        order_id,
        organization_id,
        date_day,
        line_id,
        item_type,
        line_number,
        quantity,
        is_tax_included,
        total_tax,
        are_taxes_stated,
        list_amount,
        line_tax,
        line_tax_rate,
        stated_discount,
        try_cast(
            case
                when item_type <> 'shipping' then line_discount
                when allocated_discount is not null then allocated_discount
                else least(list_amount, greatest(coalesce(total_discounts, 0) - coalesce(sum(line_discount) over one_order, 0), 0))
            end as decimal(24, 6)
        ) as discount_amount
    from discounted
    window one_order as (partition by connection_id, order_id)
),

-- Some shops put the whole tax on one line. It is that line's own as long as its rate can have made it.
with_weight as (
    select
        *,
        try_cast(list_amount - discount_amount as decimal(24, 6)) as discounted_amount,
        sum(case when item_type <> 'shipping' then coalesce(line_tax, 0) else 0 end) over one_order as lines_tax,
        sum(case when item_type = 'product' and coalesce(line_tax, 0) <> 0 then 1 else 0 end) over one_order as taxed_lines,
        sum(case when item_type = 'product' and list_amount > discount_amount then 1 else 0 end) over one_order as paid_lines,
        sum(
            case
                when
                    item_type = 'product'
                    and coalesce(line_tax, 0) <> 0
                    and line_tax * (1 + line_tax_rate) <= (list_amount - discount_amount) * line_tax_rate + 0.02
                    then 1
                else 0
            end
        ) over one_order as plausible_lines
    from with_discount
    window one_order as (partition by connection_id, order_id)
),

with_unplaced_tax as (
    select
        *,
        are_taxes_stated
        and is_tax_included
        and taxed_lines = 1
        and paid_lines > 1
        and plausible_lines = 0 as is_tax_on_one_line,
        try_cast(
            case
                when not are_taxes_stated then coalesce(total_tax, 0)
                when is_tax_included and taxed_lines = 1 and paid_lines > 1 and plausible_lines = 0 then lines_tax
                else 0
            end as decimal(24, 6)
        ) as unplaced_tax,
        case
            when item_type = 'product' then list_amount - stated_discount
            -- Prices with their tax hold it, shipping's as well; beside prices it is in no net amount.
            when item_type = 'shipping' and not are_taxes_stated and is_tax_included then discounted_amount
            else 0
        end as tax_weight
    from with_weight
),

{{ split_amounts(
    'with_unplaced_tax', ['unplaced_tax'], weight='tax_weight', whole=['connection_id', 'order_id'], position='line_number',
) }}

-- Of a total of taxes what no line states is the shipping's, where that does not say so itself.
valued as (
    select
        organization_id,
        connection_id,
        order_id,
        line_id,
        item_type,
        line_number,
        date_day,
        quantity,
        list_amount,
        discount_amount,
        try_cast(
            case
                when not are_taxes_stated then unplaced_tax_share
                when item_type = 'shipping'
                    then coalesce(line_tax, least(greatest(coalesce(total_tax, 0) - lines_tax, 0), discounted_amount))
                when is_tax_on_one_line then unplaced_tax_share
                else coalesce(line_tax, 0)
            end as decimal(24, 6)
        ) as tax_amount,
        is_tax_included
    from with_unplaced_tax_split
),

netted as (
    select
        *,
        try_cast(case when is_tax_included then tax_amount else 0 end as decimal(24, 6)) as included_tax_amount,
        try_cast(list_amount - discount_amount - case when is_tax_included then tax_amount else 0 end as decimal(24, 6)) as net_amount
    from valued
)

select * from netted
