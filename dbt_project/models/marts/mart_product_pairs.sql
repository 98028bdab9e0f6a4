{{ config(
    key=['organization_id', 'connection_id', 'date_month'],
    order_by=['organization_id', 'connection_id', 'date_month', 'product_key', 'orders_together'],
) }}

-- Products in the same orders, both ways round, from two orders a month on. Orders of more than 50 products are lists of a dealer and would
-- make a million pairs each, so they are left out, here and in the counts of orders.

{% set most_products = 50 %}

with

dirty_keys as (
    {% call dirty_keys() %}
    select
        organization_id,
        connection_id,
        cast(date_trunc('month', date_day) as date) as date_month,
        {{ set_fingerprint(['date_day', 'fingerprint']) }} as fingerprint
    from {{ state_of('fact_order_lines') }}
    group by organization_id, connection_id, cast(date_trunc('month', date_day) as date)
    {% endcall %}
),

bought as (
    select
        lines.organization_id,
        lines.platform,
        lines.connection_id,
        lines.account_id,
        dirty_keys.date_month,
        lines.order_key,
        lines.product_key,
        max(lines.product_name) as product_name,
        count(*) over (partition by lines.order_key, dirty_keys.date_month) as products
    from {{ ref('fact_order_lines') }} as lines
    inner join dirty_keys
        on
            lines.connection_id = dirty_keys.connection_id
            and cast(date_trunc('month', lines.date_day) as date) = dirty_keys.date_month
    where lines.is_counted and lines.item_type = 'product' and lines.line_type in ('sale', 'edit')
    group by
        lines.organization_id, lines.platform, lines.connection_id, lines.account_id, dirty_keys.date_month, lines.order_key, lines.product_key
),

baskets as (
    select * from bought
    where products <= {{ most_products }}
),

shops as (
    select
        connection_id,
        date_month,
        count(distinct order_key) as shop_orders
    from baskets
    group by connection_id, date_month
),

products as (
    select
        connection_id,
        date_month,
        product_key,
        max(product_name) as product_name,
        count(*) as orders
    from baskets
    group by connection_id, date_month, product_key
),

pairs as (
    select
        baskets.organization_id,
        baskets.platform,
        baskets.connection_id,
        baskets.account_id,
        baskets.date_month,
        baskets.product_key,
        others.product_key as other_product_key,
        count(*) as orders_together
    from baskets
    inner join baskets as others
        on
            baskets.connection_id = others.connection_id
            and baskets.date_month = others.date_month
            and baskets.order_key = others.order_key
            and baskets.product_key <> others.product_key
    group by
        baskets.organization_id, baskets.platform, baskets.connection_id, baskets.account_id, baskets.date_month, baskets.product_key,
        others.product_key
    having count(*) >= 2
),

rated as (
    select
        pairs.organization_id,
        pairs.platform,
        pairs.connection_id,
        pairs.account_id,
        pairs.date_month,
        pairs.product_key,
        products.product_name,
        pairs.other_product_key,
        others.product_name as other_product_name,
        pairs.orders_together,
        products.orders,
        others.orders as other_orders,
        shops.shop_orders,
        {{ ratio('pairs.orders_together', 'products.orders') }} as share_of_orders,
        {{ ratio('(cast(pairs.orders_together as double) * shops.shop_orders)', '(cast(products.orders as double) * others.orders)') }} as lift
    from pairs
    inner join products
        on
            pairs.connection_id = products.connection_id
            and pairs.date_month = products.date_month
            and pairs.product_key = products.product_key
    inner join products as others
        on
            pairs.connection_id = others.connection_id
            and pairs.date_month = others.date_month
            and pairs.other_product_key = others.product_key
    inner join shops on pairs.connection_id = shops.connection_id and pairs.date_month = shops.date_month
)

select * from rated
