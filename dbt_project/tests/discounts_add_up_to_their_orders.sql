-- The discounts of an order's goods are what its rows have in fact_orders.

with

ordered as (
    select
        order_key,
        sum(discount_amount) as amount
    from {{ ref('fact_orders') }}
    group by order_key
),

discounted as (
    select
        order_key,
        sum(discount_amount) as amount
    from {{ ref('fact_order_discounts') }}
    where applies_to = 'goods'
    group by order_key
),

compared as (
    select
        ordered.order_key,
        ordered.amount as order_amount,
        coalesce(discounted.amount, 0) as discounts_amount
    from ordered
    left join discounted on ordered.order_key = discounted.order_key
)

select * from compared
where order_amount <> discounts_amount
