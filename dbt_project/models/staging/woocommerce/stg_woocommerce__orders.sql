{{ config(materialized='dirty_keys', key=['connection_id', 'order_id'], order_by=['organization_id', 'date_day', 'connection_id', 'order_id']) }}

with

dirty_keys as (
    {% call dirty_keys() %}
    select connection_id, order_id, fingerprint from {{ ref('stg_woocommerce__known_orders') }}
    {% endcall %}
),

orders as (
    select
        orders.* exclude (is_gone, fingerprint),
        orders.order_id as document_id,
        'sale' as order_type,
        false as is_test,
        orders.ordered_at as created_at
    from {{ ref('stg_woocommerce__known_orders') }} as orders
    inner join dirty_keys
        on orders.connection_id = dirty_keys.connection_id and orders.order_id = dirty_keys.order_id
)

select * from orders
