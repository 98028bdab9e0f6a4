{{ config(
    key=['organization_id', 'platform', 'connection_id', 'date_day'],
    order_by=['organization_id', 'date_day', 'order_key'],
) }}

{% set amounts = ['gross', 'discount', 'tax', 'included_tax', 'net', 'shipping', 'total'] %}

with

dirty_keys as (
    {% call dirty_keys() %}
    select organization_id, platform, connection_id, date_day, fingerprint
    from {{ ref('int_order_days') }}
    {% endcall %}
),

orders as (
    select orders.*
    from {{ ref('int_orders_unioned') }} as orders
    inner join dirty_keys
        on orders.connection_id = dirty_keys.connection_id and orders.date_day = dirty_keys.date_day
),

numbers as (
    select * from {{ ref('int_customer_orders') }}
),

-- Unknown when the cost of one line is.
costs as (
    select
        lines.connection_id,
        lines.order_id,
        {{ whole_sum('lines.quantity * costs.unit_cost') }} as cost_amount
    from {{ ref('int_order_lines_unioned') }} as lines
    inner join {{ ref('int_order_line_costs') }} as costs
        on
            lines.connection_id = costs.connection_id
            and lines.order_id = costs.order_id
            and lines.line_type = costs.line_type
            and lines.line_id = costs.line_id
    inner join orders
        on lines.connection_id = orders.connection_id and lines.order_id = orders.order_id
    where lines.line_type <> 'return'
    group by lines.connection_id, lines.order_id
),

converted as (
    select
        -- keys
        orders.organization_id,
        orders.platform,
        orders.connection_id,
        orders.account_id,
        orders.order_key,
        orders.order_id,
        orders.order_name,
        orders.customer_key,
        orders.date_day,
        {{ date_key('orders.date_day') }} as date_key,
        orders.local_hour,
        orders.ordered_at,
        orders.cancelled_at,

        -- what it is
        orders.order_type,
        orders.financial_status,
        orders.fulfillment_status,
        orders.is_test,
        orders.is_cancelled,
        orders.is_counted,
        case when orders.has_customer then numbers.customer_type else 'unknown' end as customer_type,
        numbers.customer_order_number,
        orders.country,

        -- where it came from
        channels.channel,
        channels.attributed_platform,
        orders.source_name,
        orders.utm_source,
        orders.utm_medium,
        orders.utm_campaign,
        orders.utm_term,
        orders.utm_content,

        -- measures; money in the order's currency and in the reporting currency
        orders.currency_code,
        rates.reporting_currency,
        rates.exchange_rate,
        orders.units,
        orders.line_count,
        {%- for amount in amounts %}
        orders.{{ amount }}_amount,
        {{ convert('orders.' ~ amount ~ '_amount', 'rates.exchange_rate') }} as {{ amount }}_amount_reporting,
        {%- endfor %}
        orders.refunded_amount_to_date,
        costs.cost_amount,
        {{ convert('costs.cost_amount', 'rates.exchange_rate') }} as cost_amount_reporting,
        cast(orders.net_amount - costs.cost_amount as decimal(24, 6)) as margin_amount,
        {{ convert('(orders.net_amount - costs.cost_amount)', 'rates.exchange_rate') }} as margin_amount_reporting,

        -- lineage
        orders._sync_id,
        orders._synced_at,

        -- why it is in no measure
        orders.not_counted_reason
    from orders
    left join numbers
        on orders.connection_id = numbers.connection_id and orders.order_id = numbers.order_id
    left join costs
        on orders.connection_id = costs.connection_id and orders.order_id = costs.order_id
    left join {{ ref('int_order_channels') }} as channels
        on orders.channel_words = channels.channel_words
    left join {{ ref('int_reporting_rates') }} as rates
        on
            orders.organization_id = rates.organization_id
            and orders.currency_code = rates.currency_code
            and orders.date_day = rates.date_day
)

select * from converted
