-- Which order of its customer an order is, counted ones only.

with

orders as (
    select * from {{ ref('int_orders_unioned') }}
),

numbered as (
    select
        connection_id,
        order_id,
        row_number() over (
            partition by customer_key
            order by ordered_at, order_id
        ) as customer_order_number
    from orders
    where is_counted and has_customer and order_type = 'sale'
)

select * from numbered
