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
        -- Shipping has the empty id.
        coalesce(nullif({{ id_of_gid(json_text('line', 'id')) }}, ''), 'unknown') as line_id,
        {{ id_of_gid(json_text('line', 'product.id')) }} as product_id,
        {{ id_of_gid(json_text('line', 'variant.id')) }} as variant_id,
        {{ json_text('line', 'sku') }} as sku,
        coalesce({{ json_text('line', 'title') }}, {{ json_text('line', 'name') }}) as product_name,
        coalesce({{ json_text('line', 'isGiftCard') }}, 'false') = 'true' as is_gift_card,
        {{ json_number('line', 'quantity') }} as quantity,
        {{ json_number('line', 'currentQuantity') }} as current_quantity,
        {{ json_number('line', 'originalTotalSet.shopMoney.amount') }} as list_amount,
        {{ json_number('line', 'discountedTotalSet.shopMoney.amount') }} as discounted_amount,
        -- An empty list says that there is none; a list that is missing says nothing.
        case
            when nullif({{ json_list('line', 'discountAllocations') }}, 'null') is not null
                then coalesce({{ json_sum('line', 'discountAllocations[*].allocatedAmountSet.shopMoney.amount') }}, 0)
        end as allocated_discount,
        case
            when nullif({{ json_list('line', 'taxLines') }}, 'null') is not null
                then coalesce({{ json_sum('line', 'taxLines[*].priceSet.shopMoney.amount') }}, 0)
        end as line_tax,
        {{ json_sum('line', 'taxLines[*].rate') }} as line_tax_rate
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

-- A tip is a line like any other and has no mark of its own: it is named so and is of no product.
distinguished as (
    select
        *,
        case
            when is_gift_card then 'gift_card'
            when
                nullif(product_id, '') is null
                and nullif(variant_id, '') is null
                and (
                    (lower(trim(product_name)) = 'tip' and coalesce(total_tip, list_amount) <> 0)
                    or (total_tip > 0 and list_amount = total_tip and quantity = 1)
                )
                then 'tip'
            else 'product'
        end as item_type
    from deduplicated
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
        item_type,
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
        line_tax_rate,

        -- dates
        date_day,

        -- lineage
        _sync_id,
        _chunk_id,
        _synced_at
    from distinguished
)

select * from renamed
