{{ config(materialized='dirty_keys', key=['connection_id', 'order_id'], order_by=['organization_id', 'date_day', 'connection_id', 'order_id', 'line_number']) }}

-- The newest version of an order brings its lines, all of them.

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

exploded as (
    select
        orders.*,
        {{ json_elements('orders.line_items') }} as line
    from orders
),

typed as (
    select
        exploded.*,
        coalesce({{ id_of_gid(json_text('line', 'id')) }}, '') as line_id,
        {{ id_of_gid(json_text('line', 'product.id')) }} as product_id,
        {{ id_of_gid(json_text('line', 'variant.id')) }} as variant_id,
        {{ json_text('line', 'sku') }} as sku,
        {{ json_text('line', 'title') }} as product_name,
        {{ json_number('line', 'quantity') }} as quantity,
        {{ json_number('line', 'currentQuantity') }} as current_quantity,
        {{ json_number('line', 'originalTotalSet.shopMoney.amount') }} as list_amount,
        {{ json_number('line', 'discountedTotalSet.shopMoney.amount') }} as discounted_amount,
        {{ json_sum('line', 'discountAllocations[*].allocatedAmountSet.shopMoney.amount') }} as allocated_discount,
        {{ json_sum('line', 'taxLines[*].priceSet.shopMoney.amount') }} as line_tax
    from exploded
),

-- A repeated element is one line.
deduplicated as (
    select *
    from typed
    qualify row_number() over (
        partition by connection_id, order_id, line_id
        order by line
    ) = 1
),

renamed as (
    select
        -- ids
        organization_id,
        connection_id,
        platform,
        account_id,
        order_id,
        line_id,
        nullif(product_id, '') as product_id,
        nullif(variant_id, '') as variant_id,
        nullif(sku, '') as sku,

        -- strings
        product_name,
        currency_code,

        -- numbers
        row_number() over (partition by connection_id, order_id order by try_cast(line_id as bigint), line_id) as line_number,
        quantity,
        current_quantity,

        -- money, in the shop's currency
        list_amount,
        discounted_amount,
        allocated_discount,
        line_tax,

        -- dates
        date_day,

        -- lineage
        _sync_id,
        _chunk_id,
        _synced_at
    from deduplicated
)

select * from renamed
