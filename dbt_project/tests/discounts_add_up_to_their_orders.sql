-- The discounts of an order's goods are what its rows have in fact_orders, those of its edits too. An order of which
-- nothing but corrections is known has no discounts.

with

ordered as (
    select
        connection_id,
        order_id,
        sum(discount_amount) as amount
    from {{ ref('fact_orders') }}
    group by connection_id, order_id
    having max(case when order_type = 'sale' then 1 end) = 1
),

discounted as (
    select
        connection_id,
        order_id,
        sum(discount_amount) as amount
    from {{ ref('fact_order_discounts') }}
    where applies_to = 'goods'
    group by connection_id, order_id
),

compared as (
    select
        ordered.connection_id,
        ordered.order_id,
        ordered.amount as order_amount,
        coalesce(discounted.amount, 0) as discounts_amount
    from ordered
    left join discounted
        on ordered.connection_id = discounted.connection_id and ordered.order_id = discounted.order_id
)

select * from compared
where order_amount <> discounts_amount
