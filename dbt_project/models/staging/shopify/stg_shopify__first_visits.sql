-- The first visit of an order's customer, where it is not the last one too: that one is of the order itself.

with

orders as (
    select * from {{ ref('stg_shopify__orders') }}
),

first_visits as (
    select
        organization_id,
        connection_id,
        platform,
        account_id,
        order_id,
        first_visit_at as visited_at,
        first_visit_source as visit_source,
        first_utm_source as utm_source,
        first_utm_medium as utm_medium,
        first_utm_campaign as utm_campaign,
        first_utm_term as utm_term,
        first_utm_content as utm_content,
        first_landing_campaign_id as landing_campaign_id,
        first_click_id_type as click_id_type,
        first_click_id as click_id,
        _sync_id
    from orders
    where first_visit_at < last_visit_at
)

select * from first_visits
