-- An order is the sum of its lines, a refund the sum of what came back with it, and all counted revenue has a
-- home: the channels of a day add up to its orders and refunds, as far as there are rates.

{{ config(meta={'dagster': {'ref': {'name': 'fact_orders'}}}) }}

with

lines as (
    select
        order_key,
        sum(net_amount) as net_amount,
        sum(gross_amount) as gross_amount,
        sum(discount_amount) as discount_amount
    from {{ ref('fact_order_lines') }}
    where line_type <> 'return' and item_type = 'product'
    group by order_key
),

wrong_orders as (
    select
        'order' as what,
        orders.order_key as name
    from {{ ref('fact_orders') }} as orders
    left join lines on orders.order_key = lines.order_key
    where
        orders.net_amount <> coalesce(lines.net_amount, 0)
        or orders.gross_amount <> coalesce(lines.gross_amount, 0)
        or orders.discount_amount <> coalesce(lines.discount_amount, 0)
        -- What the customer paid is what the order is made of, to the cent.
        or orders.total_amount <> orders.net_amount + orders.tax_amount + orders.shipping_amount + orders.gift_card_amount
        + orders.tip_amount + orders.duty_amount + orders.fee_amount + orders.unexplained_amount
),

returned as (
    select
        refund_key,
        -sum(net_amount) as net_amount
    from {{ ref('fact_order_lines') }}
    where line_type = 'return' and item_type = 'product'
    group by refund_key
),

wrong_refunds as (
    select
        'refund' as what,
        refunds.refund_key as name
    from {{ ref('fact_refunds') }} as refunds
    inner join returned on refunds.refund_key = returned.refund_key
    where refunds.net_amount <> returned.net_amount
),

days as (
    select
        organization_id,
        date_day,
        case when count(*) = count(amount) then coalesce(sum(converted), 0) end as net_revenue
    from (
        select organization_id, date_day, net_amount as amount, net_amount_reporting as converted
        from {{ ref('fact_orders') }}
        where is_counted
        union all
        select organization_id, date_day, -net_amount - adjustment_amount as amount, -net_amount_reporting - adjustment_amount_reporting as converted
        from {{ ref('fact_refunds') }}
        where is_counted
        union all
        select organization_id, date_day, 0 as amount, 0 as converted
        from {{ ref('int_shop_days') }}
    ) as documents
    group by organization_id, date_day
),

channels as (
    select
        organization_id,
        date_day,
        case when count(case when value is null and unconverted is null then 1 end) = 0 then coalesce(sum(value), 0) end as net_revenue
    from {{ ref('mart_daily_aggregates') }}
    where metric = 'net_revenue'
    group by organization_id, date_day
),

wrong_days as (
    select
        'day' as what,
        concat_ws(' ', days.organization_id, cast(days.date_day as varchar)) as name
    from days
    full outer join channels
        on days.organization_id = channels.organization_id and days.date_day = channels.date_day
    where days.net_revenue is distinct from channels.net_revenue
),

wrong as (
    select * from wrong_orders
    union all
    select * from wrong_refunds
    union all
    select * from wrong_days
)

select * from wrong
