{{ config(
    key=['organization_id', 'platform', 'connection_id', 'date_day'],
    order_by=['organization_id', 'date_day', 'order_key'],
) }}

{% set amounts = ['gross', 'discount', 'tax', 'included_tax', 'net', 'shipping', 'total'] %}
{% set other_amounts = ['shipping_tax', 'gift_card', 'tip', 'duty', 'fee', 'unexplained'] %}

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

-- Of the lines whose cost is known; their revenue beside it says how much of the order that is.
costs as (
    select
        lines.connection_id,
        lines.order_id,
        lines.document_id,
        try_cast(sum(lines.quantity * costs.unit_cost) as decimal(24, 6)) as cost_amount,
        try_cast(sum(case when costs.unit_cost is not null then lines.net_amount else 0 end) as decimal(24, 6)) as margin_revenue
    from {{ ref('int_order_lines_unioned') }} as lines
    inner join {{ ref('int_order_line_costs') }} as costs
        on
            lines.connection_id = costs.connection_id
            and lines.order_id = costs.order_id
            and lines.line_type = costs.line_type
            and lines.line_id = costs.line_id
    inner join orders
        on
            lines.connection_id = orders.connection_id
            and lines.order_id = orders.order_id
            and lines.document_id = orders.document_id
    where lines.line_type <> 'return' and lines.item_type = 'product'
    group by lines.connection_id, lines.order_id, lines.document_id
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
        orders.fulfilled_at,
        orders.last_fulfilled_at,

        -- what it is
        orders.order_type,
        orders.financial_status,
        orders.fulfillment_status,
        orders.is_test,
        orders.is_cancelled,
        orders.is_counted,
        case when orders.has_customer then numbers.customer_type else 'unknown' end as customer_type,
        case when orders.order_type = 'sale' then numbers.customer_order_number end as customer_order_number,
        orders.country,
        orders.region,
        orders.discount_codes,
        orders.payment_gateways,
        orders.delivery_methods,

        -- where it came from
        campaigns.channel,
        campaigns.attributed_platform,
        orders.source_name,
        orders.utm_source,
        orders.utm_medium,
        orders.utm_campaign,
        orders.utm_term,
        orders.utm_content,
        orders.landing_campaign_id,
        orders.click_id_type,
        orders.click_id,
        orders.landing_path,
        orders.referrer_host,

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
        try_cast(costs.margin_revenue - costs.cost_amount as decimal(24, 6)) as margin_amount,
        {{ convert('(costs.margin_revenue - costs.cost_amount)', 'rates.exchange_rate') }} as margin_amount_reporting,

        -- what is no goods, and what no part of the order explains
        {%- for amount in other_amounts %}
        orders.{{ amount }}_amount,
        {{ convert('orders.' ~ amount ~ '_amount', 'rates.exchange_rate') }} as {{ amount }}_amount_reporting,
        {%- endfor %}

        -- lineage
        orders._sync_id,
        orders._synced_at,

        -- why it is in no measure
        orders.not_counted_reason,

        -- the campaign and ad that brought it, where they are known
        campaigns.campaign_key,
        campaigns.ad_key,
        campaigns.campaign_match,
        campaigns.campaign_candidates,

        -- how much revenue the margin is of
        coalesce(costs.margin_revenue, 0) as margin_revenue,
        {{ convert('coalesce(costs.margin_revenue, 0)', 'rates.exchange_rate') }} as margin_revenue_reporting
    from orders
    left join numbers
        on orders.connection_id = numbers.connection_id and orders.order_id = numbers.order_id
    left join costs
        on
            orders.connection_id = costs.connection_id
            and orders.order_id = costs.order_id
            and orders.document_id = costs.document_id
    left join {{ ref('int_order_campaigns') }} as campaigns
        on
            orders.organization_id = campaigns.organization_id
            and orders.channel_words = campaigns.channel_words
            and orders.campaign_words = campaigns.campaign_words
    left join {{ ref('int_reporting_rates') }} as rates
        on
            orders.organization_id = rates.organization_id
            and orders.currency_code = rates.currency_code
            and orders.date_day = rates.date_day
)

select * from converted
