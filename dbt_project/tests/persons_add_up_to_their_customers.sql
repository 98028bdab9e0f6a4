-- Each customer is of one person of its organization, and persons have the orders of their customers.

with

persons as (
    select
        organization_id,
        person_key,
        customer_records,
        orders
    from {{ ref('dim_persons') }}
),

customers as (
    select
        organization_id,
        person_key,
        count(*) as customer_records,
        sum(orders) as orders
    from {{ ref('dim_customers') }}
    group by organization_id, person_key
),

compared as (
    select
        coalesce(persons.organization_id, customers.organization_id) as organization_id,
        coalesce(persons.person_key, customers.person_key) as person_key,
        persons.orders as orders_of_the_person,
        customers.orders as orders_of_customers
    from persons
    full outer join customers
        on persons.organization_id = customers.organization_id and persons.person_key = customers.person_key
    where
        coalesce(persons.orders, -1) <> coalesce(customers.orders, 0)
        or persons.customer_records <> coalesce(customers.customer_records, 0)
)

select * from compared
