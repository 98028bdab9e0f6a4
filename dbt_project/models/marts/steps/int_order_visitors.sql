-- The devices and users that placed an order, or another order of the same person, as the collector saw them.
-- A device that ordered for several persons stands for none of them: it counts for the orders that were placed on it alone.

with

sales as (
    select
        orders.organization_id,
        orders.order_key,
        case when not customers.is_unknown then customers.person_key end as person_key
    from {{ ref('fact_orders') }} as orders
    left join {{ ref('dim_customers') }} as customers on orders.customer_key = customers.customer_key
    where orders.is_counted and orders.order_type = 'sale'
),

seen as (
    select
        events.organization_id,
        named.order_key,
        events.visitor_token,
        events.user_token
    from {{ ref('fact_events') }} as events
    inner join {{ ref('int_order_references') }} as named
        on events.organization_id = named.organization_id and events.order_id = named.order_reference
    where events.event_class = 'order' and not events.is_bot
),

placed as (
    select organization_id, order_key, 'visitor' as token_type, visitor_token as token from seen
    where visitor_token is not null
    union
    select organization_id, order_key, 'user' as token_type, user_token as token from seen
    where user_token is not null
),

tokens_of_persons as (
    select
        placed.organization_id,
        placed.token_type,
        placed.token,
        min(sales.person_key) as person_key
    from placed
    inner join sales on placed.order_key = sales.order_key
    group by placed.organization_id, placed.token_type, placed.token
    having count(distinct coalesce(sales.person_key, sales.order_key)) = 1
),

visitors as (
    select organization_id, order_key, token_type, token from placed
    union
    select sales.organization_id, sales.order_key, tokens.token_type, tokens.token
    from sales
    inner join tokens_of_persons as tokens
        on sales.organization_id = tokens.organization_id and sales.person_key = tokens.person_key
)

select * from visitors
