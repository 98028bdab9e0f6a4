{{ config(materialized='dirty_keys', key=['connection_id', 'order_id'], order_by=['organization_id', 'date_day', 'connection_id', 'order_id']) }}

-- Orders as they were placed, and what an edit or an exchange added on a later day as a document of its own.

{% set paid = ['PAID', 'PARTIALLY_PAID', 'PARTIALLY_REFUNDED', 'REFUNDED'] %}
{% set of_its_order = [
    'organization_id', 'connection_id', 'platform', 'account_id', 'order_id', 'order_name', 'customer_id', 'financial_status',
    'fulfillment_status', 'country', 'region', 'discount_codes', 'payment_gateways', 'delivery_methods', 'landing_path',
    'referrer_host', 'source_name', 'visit_source', 'utm_source', 'utm_medium', 'utm_campaign', 'utm_term', 'utm_content',
    'landing_campaign_id', 'click_id_type', 'click_id', 'is_test', 'is_paid', 'is_cancelled', 'updated_at', 'cancelled_at',
    'fulfilled_at', 'last_fulfilled_at', 'created_at', 'currency_code', '_sync_id', '_chunk_id', '_synced_at',
] %}
{% set models = ['stg_shopify__orders', 'stg_shopify__order_items', 'stg_shopify__line_bookings', 'stg_shopify__sales'] %}

{{ rows_of_dirty_orders(models) }}

-- What the lines of an edit come to.
edits as (
    select
        connection_id,
        order_id,
        document_id,
        date_day,
        try_cast(sum(tax_amount) as decimal(24, 6)) as tax_amount,
        try_cast(sum(net_amount + tax_amount) as decimal(24, 6)) as total_amount
    from line_bookings
    where line_type <> 'return' and document_id <> order_id
    group by connection_id, order_id, document_id, date_day
),

added as (
    select
        connection_id,
        order_id,
        try_cast(sum(tax_amount) as decimal(24, 6)) as tax_amount,
        try_cast(sum(total_amount) as decimal(24, 6)) as total_amount
    from edits
    group by connection_id, order_id
),

edit_times as (
    select
        connection_id,
        order_id,
        date_day,
        min(happened_at) as happened_at,
        min(local_hour) as local_hour
    from sales
    where sale_action in ('ORDER', 'UPDATE') and agreement_reason <> 'ORDER'
    group by connection_id, order_id, date_day
),

-- Of a total that edits have changed, what they added is theirs.
placed as (
    select
        orders.organization_id,
        orders.connection_id,
        orders.platform,
        orders.account_id,
        orders.order_id,
        orders.order_name,
        orders.customer_id,
        orders.financial_status,
        orders.fulfillment_status,
        orders.country_code as country,
        orders.region,
        orders.discount_codes,
        orders.payment_gateways,
        orders.delivery_methods,
        orders.landing_path,
        orders.referrer_host,
        orders.source_name,
        orders.last_visit_source as visit_source,
        orders.utm_source,
        orders.utm_medium,
        orders.utm_campaign,
        orders.utm_term,
        orders.utm_content,
        orders.landing_campaign_id,
        orders.click_id_type,
        orders.click_id,
        orders.is_test,
        coalesce(orders.financial_status, '') in ('{{ paid | join("', '") }}') as is_paid,
        orders.cancelled_at is not null as is_cancelled,
        orders.updated_at,
        orders.cancelled_at,
        orders.fulfilled_at,
        orders.last_fulfilled_at,
        orders.created_at,
        orders.currency_code,
        orders._sync_id,
        orders._chunk_id,
        orders._synced_at,
        orders.ordered_at,
        orders.date_day,
        orders.local_hour,
        orders.customer_order_index as platform_order_number,
        try_cast(orders.total_tax - coalesce(added.tax_amount, 0) as decimal(24, 6)) as tax_amount,
        try_cast(coalesce(shipping.net_amount, orders.total_shipping, 0) as decimal(24, 6)) as shipping_amount,
        shipping.tax_amount as shipping_tax_amount,
        orders.total_duties as duty_amount,
        orders.total_fees as fee_amount,
        try_cast(coalesce(orders.original_total_price, orders.total_price - coalesce(added.total_amount, 0)) as decimal(24, 6)) as total_amount,
        orders.total_refunded as refunded_amount_to_date
    from orders
    left join added
        on orders.connection_id = added.connection_id and orders.order_id = added.order_id
    left join order_items as shipping
        on
            orders.connection_id = shipping.connection_id
            and orders.order_id = shipping.order_id
            and shipping.item_type = 'shipping'
),

documents as (
    select
        *,
        order_id as document_id,
        'sale' as order_type
    from placed
    union all by name
    select
        {%- for name in of_its_order %}
        placed.{{ name }},
        {%- endfor %}
        edit_times.happened_at as ordered_at,
        edits.date_day,
        edit_times.local_hour,
        cast(0 as decimal(24, 6)) as shipping_amount,
        edits.total_amount,
        edits.document_id,
        'edit' as order_type
    from placed
    inner join edits
        on placed.connection_id = edits.connection_id and placed.order_id = edits.order_id
    left join edit_times
        on
            edits.connection_id = edit_times.connection_id
            and edits.order_id = edit_times.order_id
            and edits.date_day = edit_times.date_day
)

select * from documents
