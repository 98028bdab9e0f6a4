{{ config(materialized='dirty_keys', key=['connection_id', 'order_id'], order_by=['organization_id', 'date_day', 'connection_id', 'order_id']) }}

-- One CTE per platform, then one order of business: what an order states as a whole (its discount, its
-- tax) is split over its lines in whole cents, so that the lines add up to it exactly. A return line
-- is negative and stands on the day of its refund.

with

dirty_keys as (
    {% call dirty_keys() %}
    select
        connection_id,
        order_id,
        {{ set_fingerprint(['source', 'fingerprint']) }} as fingerprint
    from (
        select connection_id, order_id, 'lines' as source, fingerprint
        from {{ state_of('stg_shopify__order_lines') }}
        union all
        select connection_id, order_id, 'refunds' as source, fingerprint
        from {{ state_of('stg_shopify__refund_lines') }}
        union all
        select connection_id, order_id, 'file' as source, fingerprint
        from {{ state_of('int_file_order_lines') }}
    ) as sources
    group by connection_id, order_id
    {% endcall %}
),

{%- for name in ['stg_shopify__orders', 'stg_shopify__order_lines', 'stg_shopify__refund_lines', 'int_file_order_lines'] %}

{{ name.replace('stg_', '').replace('__', '_') }}_dirty as (
    select staged.*
    from {{ ref(name) }} as staged
    inner join dirty_keys
        on staged.connection_id = dirty_keys.connection_id and staged.order_id = dirty_keys.order_id
),
{%- endfor %}

shopify_lines as (
    select
        lines.*,
        orders.is_tax_included,
        orders.subtotal_price,
        orders.total_discounts,
        orders.total_tax,
        orders.is_edited,
        lines.list_amount - lines.discounted_amount as own_discount,
        sum(lines.list_amount) over one_order as order_list_amount,
        sum(coalesce(lines.allocated_discount, lines.list_amount - lines.discounted_amount)) over one_order as order_own_discount,
        sum(lines.line_tax) over one_order as order_own_tax
    from shopify_order_lines_dirty as lines
    inner join shopify_orders_dirty as orders
        on lines.connection_id = orders.connection_id and lines.order_id = orders.order_id
    window one_order as (partition by lines.connection_id, lines.order_id)
),

-- The subtotal tells the discount on goods; `total_discounts` may hold one on shipping too. An edited
-- order's subtotal is of other lines than it was placed with.
shopify_discounts as (
    select
        *,
        case
            when
                not is_edited
                and order_list_amount - subtotal_price between 0 and coalesce(total_discounts, 0)
                then order_list_amount - subtotal_price
            else coalesce(total_discounts, order_own_discount)
        end as order_discount,
        coalesce(allocated_discount, own_discount) as stated_discount,
        coalesce(total_tax, order_own_tax, 0) as order_tax
    from shopify_lines
),

shopify_shares as (
    select
        *,
        try_cast(order_discount - order_own_discount as decimal(24, 6)) as unplaced_discount,
        try_cast(order_tax - coalesce(order_own_tax, 0) as decimal(24, 6)) as unplaced_tax,
        try_cast(list_amount - stated_discount as decimal(24, 6)) as line_weight
    from shopify_discounts
),

{{ split_amounts(
    'shopify_shares', ['unplaced_discount', 'unplaced_tax'], weight='line_weight',
    whole=['connection_id', 'order_id'], position='line_number',
) }}

shopify_sales as (
    select
        organization_id,
        connection_id,
        platform,
        account_id,
        order_id,
        line_id,
        {{ unreported('varchar') }} as refund_id,
        'sale' as line_type,
        coalesce(product_id, '') as product_id,
        coalesce(variant_id, '') as variant_id,
        sku,
        product_name,
        currency_code,
        date_day,
        quantity,
        list_amount as gross_amount,
        try_cast(stated_discount + unplaced_discount_share as decimal(24, 6)) as discount_amount,
        try_cast(coalesce(line_tax, 0) + unplaced_tax_share as decimal(24, 6)) as tax_amount,
        is_tax_included,
        cast(0 as decimal(24, 6)) as shipping_amount,
        {{ unreported('decimal(24, 6)') }} as stated_amount,
        {{ unreported('decimal(24, 6)') }} as stated_unit_cost,
        _sync_id,
        _chunk_id,
        _synced_at
    from shopify_shares_split
),

shopify_returns as (
    select
        returned.organization_id,
        returned.connection_id,
        returned.platform,
        returned.account_id,
        returned.order_id,
        returned.refund_line_id as line_id,
        returned.refund_id,
        'return' as line_type,
        coalesce(lines.product_id, '') as product_id,
        coalesce(lines.variant_id, '') as variant_id,
        lines.sku,
        lines.product_name,
        returned.currency_code,
        returned.date_day,
        -returned.quantity as quantity,
        -returned.subtotal_amount as gross_amount,
        cast(0 as decimal(24, 6)) as discount_amount,
        -returned.tax_amount as tax_amount,
        returned.is_tax_included,
        cast(0 as decimal(24, 6)) as shipping_amount,
        {{ unreported('decimal(24, 6)') }} as stated_amount,
        {{ unreported('decimal(24, 6)') }} as stated_unit_cost,
        returned._sync_id,
        returned._chunk_id,
        returned._synced_at
    from shopify_refund_lines_dirty as returned
    left join shopify_order_lines_dirty as lines
        on
            returned.connection_id = lines.connection_id
            and returned.order_id = lines.order_id
            and returned.line_id = lines.line_id
),

file_lines as (
    select
        *,
        case
            when is_document_turned then -1
            else 1
        end as sign
    from (
        select
            *,
            -- Some files write what came back as positive numbers: a return is negative here.
            document_type = 'return'
            and sum(coalesce(try_cast(unit_price * quantity as decimal(24, 6)), stated_amount, 0)) over one_order >= 0
            and sum(coalesce(quantity, 0)) over one_order >= 0 as is_document_turned
        from int_file_order_lines_dirty
        where not is_deleted
        window one_order as (partition by connection_id, order_id, document_type)
    ) as priced
),

files as (
    select
        organization_id,
        connection_id,
        platform,
        account_id,
        order_id,
        line_id,
        case when document_type = 'return' then order_id end as refund_id,
        document_type as line_type,
        coalesce(product_id, '') as product_id,
        '' as variant_id,
        sku,
        product_name,
        currency_code,
        date_day,
        try_cast(sign * coalesce(quantity, 0) as decimal(24, 6)) as quantity,
        try_cast(sign * list_amount as decimal(24, 6)) as gross_amount,
        try_cast(sign * coalesce(discount_amount, 0) as decimal(24, 6)) as discount_amount,
        try_cast(sign * coalesce(tax_amount, 0) as decimal(24, 6)) as tax_amount,
        is_tax_included,
        try_cast(sign * coalesce(shipping_amount, 0) as decimal(24, 6)) as shipping_amount,
        try_cast(sign * stated_amount as decimal(24, 6)) as stated_amount,
        unit_cost as stated_unit_cost,
        _sync_id,
        _chunk_id,
        _synced_at
    from file_lines
),

unioned as (
    select * from shopify_sales
    union all
    select * from shopify_returns
    union all
    select * from files
),

valued as (
    select
        organization_id,
        connection_id,
        platform,
        account_id,
        order_id,
        line_id,
        refund_id,
        line_type,
        {{ surrogate_key(['organization_id', 'platform', 'account_id', 'product_id', 'variant_id']) }} as product_key,
        product_id,
        variant_id,
        sku,
        product_name,
        currency_code,
        date_day,
        quantity,
        gross_amount,
        discount_amount,
        tax_amount,
        try_cast(case when is_tax_included then tax_amount else 0 end as decimal(24, 6)) as included_tax_amount,
        try_cast(gross_amount - discount_amount - case when is_tax_included then tax_amount else 0 end as decimal(24, 6)) as net_amount,
        shipping_amount,
        stated_amount,
        stated_unit_cost,
        _sync_id,
        _chunk_id,
        _synced_at
    from unioned
)

select * from valued
