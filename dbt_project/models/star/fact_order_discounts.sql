{{ config(
    key=['organization_id', 'platform', 'connection_id', 'date_day'],
    order_by=['organization_id', 'date_day', 'order_key', 'discount_name'],
) }}

-- What was taken off each order, by discount. What no discount explains is a row of kind `unknown`, so that the rows of
-- an order's goods add up to what fact_orders has.

with

dirty_keys as (
    {% call dirty_keys() %}
    select organization_id, platform, connection_id, date_day, fingerprint
    from {{ ref('int_order_days') }}
    {% endcall %}
),

-- A discount is of the whole order, edits included: it stands on the day on which that was placed.
orders as (
    select orders.*
    from {{ ref('int_orders_unioned') }} as orders
    inner join dirty_keys
        on orders.connection_id = dirty_keys.connection_id and orders.date_day = dirty_keys.date_day
    where orders.order_type = 'sale'
),

named as (
    select discounts.*
    from ({{ union_of('order_discounts') }}) as discounts
    inner join orders
        on discounts.connection_id = orders.connection_id and discounts.order_id = orders.order_id
    where discounts.discount_amount is not null
),

totals as (
    select
        connection_id,
        order_id,
        sum(amount) as unnamed_amount
    from (
        select lines.connection_id, lines.order_id, lines.discount_amount as amount
        from {{ ref('int_order_lines_unioned') }} as lines
        inner join orders
            on lines.connection_id = orders.connection_id and lines.order_id = orders.order_id
        where lines.line_type <> 'return'
        union all
        select connection_id, order_id, -discount_amount as amount
        from named
        where applies_to = 'goods'
    ) as amounts
    group by connection_id, order_id
),

discounts as (
    select
        connection_id,
        order_id,
        applies_to,
        discount_kind,
        discount_type,
        discount_name,
        discount_amount
    from named
    union all
    select
        connection_id,
        order_id,
        'goods' as applies_to,
        'unknown' as discount_kind,
        {{ unreported('varchar') }} as discount_type,
        {{ unreported('varchar') }} as discount_name,
        try_cast(unnamed_amount as decimal(24, 6)) as discount_amount
    from totals
    where unnamed_amount <> 0
),

converted as (
    select
        orders.organization_id,
        orders.platform,
        orders.connection_id,
        orders.account_id,
        orders.order_key,
        orders.order_id,
        orders.date_day,
        {{ date_key('orders.date_day') }} as date_key,
        orders.is_counted,
        discounts.applies_to,
        discounts.discount_kind,
        discounts.discount_type,
        discounts.discount_name,
        orders.currency_code,
        rates.reporting_currency,
        rates.exchange_rate,
        discounts.discount_amount,
        {{ convert('discounts.discount_amount', 'rates.exchange_rate') }} as discount_amount_reporting,
        orders._sync_id,
        orders._synced_at
    from discounts
    inner join orders
        on discounts.connection_id = orders.connection_id and discounts.order_id = orders.order_id
    left join {{ ref('int_reporting_rates') }} as rates
        on
            orders.organization_id = rates.organization_id
            and orders.currency_code = rates.currency_code
            and orders.date_day = rates.date_day
)

select * from converted
