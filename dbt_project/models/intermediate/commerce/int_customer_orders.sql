-- Which order of its customer an order is, counted ones only, and whether it is the first one at the shop.
-- What was pulled of a shop may begin after the customer did, so the shop is asked: by the number that it gives
-- the order, by how many orders it says the customer has, or by when the customer came to be. Where it says
-- nothing, it is not known whether the first order that was pulled is the customer's first.

with

orders as (
    select * from {{ ref('int_orders_unioned') }}
    where has_customer and order_type = 'sale'
),

customers as (
    select * from {{ ref('int_customers_unioned') }}
),

-- A complete list of orders has all that its customers ever placed.
complete_lists as (
    select distinct connection_id from {{ ref('int_record_chunks') }}
    where stream = 'orders' and kind = 'snapshot'
),

known_days as (
    select
        connection_id,
        date_day,
        {{ add_days('date_day', '-cast(row_number() over (partition by connection_id order by date_day) as integer)') }} as stretch
    from {{ ref('int_shop_days') }}
),

stretches as (
    select
        connection_id,
        min(date_day) as first_day,
        max(date_day) as last_day
    from known_days
    group by connection_id, stretch
),

-- Shops number the orders of a customer by when they were made, tests left out.
placed as (
    select
        orders.connection_id,
        orders.order_id,
        orders.customer_key,
        orders.is_test,
        orders.is_counted,
        orders.ordered_at,
        orders.date_day,
        orders.created_at,
        orders.platform_order_number,
        row_number() over (
            partition by orders.customer_key, orders.is_test
            order by orders.created_at, orders.order_id
        ) as place,
        sum(case when orders.is_counted then 1 else 0 end) over (
            partition by orders.customer_key
            order by orders.ordered_at, orders.order_id
            rows between unbounded preceding and current row
        ) as counted_place
    from orders
),

held as (
    select
        placed.connection_id,
        placed.customer_key,
        min(placed.date_day) as first_day,
        min(case when not placed.is_test then placed.platform_order_number - placed.place end) as earlier_by_number,
        max(customers.platform_orders)
        - count(case when placed.created_at <= customers._synced_at then 1 end) as earlier_at_least,
        max(customers.platform_orders)
        - count(case when placed.created_at <= customers._synced_at and not placed.is_test then 1 end) as earlier_at_most,
        max(customers.created_at) as customer_created_at
    from placed
    left join customers
        on placed.connection_id = customers.connection_id and placed.customer_key = customers.customer_key
    group by placed.connection_id, placed.customer_key
),

-- How many orders of a customer lie before those that were pulled; null where it is not known.
judged as (
    select
        held.connection_id,
        held.customer_key,
        case
            when complete_lists.connection_id is not null then 0
            when held.earlier_by_number is not null then greatest(held.earlier_by_number, 0)
            when cast({{ instant_to_local('held.customer_created_at', "coalesce(connections.time_zone, 'UTC')") }} as date) >= stretches.first_day then 0
            when held.earlier_at_most <= 0 then 0
            when held.earlier_at_least > 0 then held.earlier_at_most
        end as earlier_orders
    from held
    left join complete_lists on held.connection_id = complete_lists.connection_id
    left join {{ ref('int_connections_synced') }} as connections on held.connection_id = connections.connection_id
    -- The day of the last fetch is not a whole one yet, and known as far as it goes.
    left join stretches
        on
            held.connection_id = stretches.connection_id
            and held.first_day between stretches.first_day and {{ add_days('stretches.last_day', 1) }}
),

numbered as (
    select
        placed.connection_id,
        placed.order_id,
        try_cast(placed.counted_place + judged.earlier_orders as bigint) as customer_order_number,
        case
            when placed.counted_place > 1 or judged.earlier_orders > 0 then 'returning'
            when judged.earlier_orders = 0 then 'new'
            else 'unknown'
        end as customer_type
    from placed
    inner join judged
        on placed.connection_id = judged.connection_id and placed.customer_key = judged.customer_key
    where placed.is_counted
)

select * from numbered
