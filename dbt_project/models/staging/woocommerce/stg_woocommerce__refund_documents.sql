{{ config(materialized='dirty_keys', key=['connection_id', 'order_id'], order_by=['organization_id', 'date_day', 'connection_id', 'order_id', 'refund_id']) }}

-- Refunds with what was paid back beyond, or below, the value of what came back (`adjustment_amount`): an amount may be
-- refunded without a line. Values and money are compared over the order's refunds up to each.

with

dirty_keys as (
    {% call dirty_keys() %}
    select connection_id, order_id, fingerprint from {{ state_of('stg_woocommerce__line_bookings') }}
    {% endcall %}
),

bookings as (
    select bookings.*
    from {{ ref('stg_woocommerce__line_bookings') }} as bookings
    inner join dirty_keys
        on bookings.connection_id = dirty_keys.connection_id and bookings.order_id = dirty_keys.order_id
),

refunds as (
    select
        refunds.*,
        orders.currency_code
    from {{ ref('stg_woocommerce__refunds') }} as refunds
    inner join dirty_keys
        on refunds.connection_id = dirty_keys.connection_id and refunds.order_id = dirty_keys.order_id
    inner join {{ ref('stg_woocommerce__orders') }} as orders
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
    from bookings
    group by connection_id, order_id, refund_id
),

so_far as (
    select
        refunds.*,
        -coalesce(sold.net_amount, 0) as order_net_amount,
        sum(
            refunds.refunded_amount - coalesce(returned.amount, 0) - refunds.shipping_amount - refunds.shipping_tax_amount
            - refunds.fee_amount
        ) over up_to_here as beyond_so_far,
        sum(coalesce(returned.net_amount, 0)) over up_to_here as net_so_far
    from refunds
    left join returned as sold
        on refunds.connection_id = sold.connection_id and refunds.order_id = sold.order_id and sold.refund_id is null
    left join returned
        on
            refunds.connection_id = returned.connection_id
            and refunds.order_id = returned.order_id
            and refunds.refund_id = returned.refund_id
    window up_to_here as (
        partition by refunds.connection_id, refunds.order_id
        order by refunds.refunded_at, refunds.refund_id
        rows between unbounded preceding and current row
    )
),

-- Never more than the goods that are left, for the rest is tax, shipping or a fee; and never less than nothing.
of_goods as (
    select
        *,
        greatest(least(beyond_so_far, greatest(order_net_amount - net_so_far, 0)), -greatest(net_so_far, 0)) as goods_so_far
    from so_far
),

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
        try_cast(
            goods_so_far - coalesce(lag(goods_so_far) over (
                partition by connection_id, order_id
                order by refunded_at, refund_id
            ), 0) as decimal(24, 6)
        ) as adjustment_amount,
        shipping_amount,
        shipping_tax_amount,
        refunded_at,
        date_day,
        local_hour,
        _sync_id,
        _chunk_id,
        _synced_at
    from of_goods
)

select * from documents
