-- What a site or a partner calls an order by: its id, or its name, with or without the sign before it. What two orders of an organization have in
-- common names neither.

with

sales as (
    select
        organization_id,
        order_key,
        order_id,
        order_name
    from {{ ref('fact_orders') }}
    where is_counted and order_type = 'sale'
),

names as (
    select organization_id, order_key, order_id as order_reference from sales
    union
    select organization_id, order_key, order_name as order_reference from sales
    where order_name is not null
    union
    select organization_id, order_key, replace(order_name, '#', '') as order_reference from sales
    where order_name is not null
),

references_of_one as (
    select
        organization_id,
        order_reference,
        min(order_key) as order_key
    from names
    group by organization_id, order_reference
    having count(distinct order_key) = 1
)

select * from references_of_one
