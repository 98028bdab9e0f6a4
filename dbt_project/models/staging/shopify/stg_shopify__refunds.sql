{{ config(materialized='dirty_keys', key=['connection_id', 'order_id'], order_by=['organization_id', 'date_day', 'connection_id', 'order_id', 'refund_id']) }}

-- A refund hangs on its order and comes with it; its day is its own: the day it was processed on, where it
-- says so, else that of the shop's ledger. A shop may set it into the past.

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
        {{ json_elements('orders.refunds') }} as refund
    from orders
),

-- When the shop's ledger says that a refund happened: of one that has no time itself.
ledger as (
    select
        sales.connection_id,
        sales.order_id,
        sales.refund_id,
        min(sales.happened_at) as happened_at
    from {{ ref('stg_shopify__sales') }} as sales
    inner join dirty_keys
        on sales.connection_id = dirty_keys.connection_id and sales.order_id = dirty_keys.order_id
    where sales.refund_id is not null
    group by sales.connection_id, sales.order_id, sales.refund_id
),

typed as (
    select
        exploded.*,
        coalesce({{ id_of_gid(json_text('refund', 'id')) }}, '') as refund_id,
        coalesce({{ json_instant('refund', 'processedAt') }}, {{ json_instant('refund', 'createdAt') }}) as stated_at,
        {{ json_number('refund', 'totalRefundedSet.shopMoney.amount') }} as stated_amount,
        {{ json_list('refund', 'refundLineItems.nodes') }} as refund_lines,
        nullif({{ json_list('refund', 'refundShippingLines.nodes') }}, 'null') is not null as is_shipping_stated,
        coalesce({{ json_sum('refund', 'refundShippingLines.nodes[*].subtotalAmountSet.shopMoney.amount') }}, 0) as shipping_subtotal,
        coalesce({{ json_sum('refund', 'refundShippingLines.nodes[*].taxAmountSet.shopMoney.amount') }}, 0) as shipping_tax_amount,
        -- What the shop calculated less what it paid: positive is kept by the merchant.
        coalesce({{ json_sum('refund', 'orderAdjustments.nodes[*].amountSet.shopMoney.amount') }}, 0)
        + coalesce({{ json_sum('refund', 'orderAdjustments.nodes[*].taxAmountSet.shopMoney.amount') }}, 0) as kept_amount,
        coalesce({{ json_list('refund', 'transactions.nodes') }}, {{ json_list('refund', 'transactions') }}) as transactions
    from exploded
),

deduplicated as (
    select
        typed.*,
        coalesce(typed.stated_at, ledger.happened_at) as refunded_at
    from typed
    left join ledger
        on
            typed.connection_id = ledger.connection_id
            and typed.order_id = ledger.order_id
            and typed.refund_id = ledger.refund_id
    qualify row_number() over (
        partition by typed.connection_id, typed.order_id, typed.refund_id
        order by typed.refund
    ) = 1
),

transactions as (
    select
        connection_id,
        order_id,
        refund_id,
        {{ json_elements('transactions') }} as payment
    from deduplicated
),

-- What was paid back is what the refund's transactions say, those that went through.
paid_back as (
    select
        connection_id,
        order_id,
        refund_id,
        {{ exact_sum(json_number('payment', 'amountSet.shopMoney.amount')) }} as amount
    from transactions
    where {{ json_text('payment', 'kind') }} = 'REFUND' and {{ json_text('payment', 'status') }} = 'SUCCESS'
    group by connection_id, order_id, refund_id
),

renamed as (
    select
        -- ids
        deduplicated.organization_id,
        deduplicated.connection_id,
        deduplicated.platform,
        deduplicated.account_id,
        deduplicated.order_id,
        deduplicated.refund_id,

        -- strings
        deduplicated.currency_code,

        -- money, in the shop's currency
        deduplicated.stated_amount,
        paid_back.amount as paid_back_amount,
        cast(
            deduplicated.shipping_subtotal - case when deduplicated.is_tax_included then deduplicated.shipping_tax_amount else 0 end
            as decimal(24, 6)
        ) as shipping_amount,
        cast(deduplicated.shipping_tax_amount as decimal(24, 6)) as shipping_tax_amount,
        cast(deduplicated.kept_amount as decimal(24, 6)) as kept_amount,

        -- booleans
        deduplicated.is_tax_included,
        deduplicated.is_shipping_stated,

        -- times
        deduplicated.refunded_at,
        cast({{ instant_to_local('deduplicated.refunded_at', 'deduplicated.time_zone') }} as date) as date_day,
        cast(hour({{ instant_to_local('deduplicated.refunded_at', 'deduplicated.time_zone') }}) as integer) as local_hour,

        -- lists, exploded by stg_shopify__refund_lines
        deduplicated.refund_lines,

        -- lineage
        deduplicated._sync_id,
        deduplicated._chunk_id,
        deduplicated._synced_at
    from deduplicated
    left join paid_back
        on
            deduplicated.connection_id = paid_back.connection_id
            and deduplicated.order_id = paid_back.order_id
            and deduplicated.refund_id = paid_back.refund_id
)

select * from renamed
