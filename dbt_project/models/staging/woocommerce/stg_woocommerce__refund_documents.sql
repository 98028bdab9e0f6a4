{{ config(materialized='dirty_keys', key=['connection_id', 'order_id'], order_by=['organization_id', 'date_day', 'connection_id', 'order_id', 'refund_id']) }}

-- An amount may be refunded without a line, and less than the lines are worth.

{{ rows_of_dirty_orders(['stg_woocommerce__line_bookings', 'stg_woocommerce__orders']) }}

refunds as (
    select
        refunds.*,
        orders.currency_code
    from {{ ref('stg_woocommerce__refunds') }} as refunds
    inner join orders
        on refunds.connection_id = orders.connection_id and refunds.order_id = orders.order_id
),

-- What came back with each refund; of none: less what was sold.
returned as (
    select
        connection_id,
        order_id,
        refund_id,
        -sum(net_amount) as net_amount,
        -sum(net_amount + tax_amount) as amount
    from line_bookings
    group by connection_id, order_id, refund_id
),

valued as (
    select
        refunds.* exclude (fee_amount, refund_lines),
        refunds.refunded_amount as paid_amount,
        coalesce(returned.net_amount, 0) as net_amount,
        coalesce(returned.amount, 0) + refunds.shipping_amount + refunds.shipping_tax_amount + refunds.fee_amount as returned_value,
        -coalesce(sold.net_amount, 0) as order_net_amount,
        0 as perhaps_shipping
    from refunds
    left join returned as sold
        on refunds.connection_id = sold.connection_id and refunds.order_id = sold.order_id and sold.refund_id is null
    left join returned
        on
            refunds.connection_id = returned.connection_id
            and refunds.order_id = returned.order_id
            and refunds.refund_id = returned.refund_id
),

-- What is paid below the value is kept.
with_kept as (
    select
        *,
        greatest(returned_value - paid_amount, 0) as kept_amount
    from valued
),

{{ goods_adjustments('with_kept') }}

documents as (
    select
        organization_id,
        connection_id,
        platform,
        account_id,
        order_id,
        refund_id,
        'refund' as refund_type,
        currency_code,
        refunded_amount,
        adjustment_amount,
        shipping_amount,
        shipping_tax_amount,
        refunded_at,
        date_day,
        local_hour,
        _sync_id,
        _chunk_id,
        _synced_at
    from with_kept_adjusted
)

select * from documents
