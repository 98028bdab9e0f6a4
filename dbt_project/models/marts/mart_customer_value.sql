{{ config(key=['organization_id'], order_by=['organization_id', 'connection_id', 'customer_key']) }}

-- Customers with a counted order. Scores compare the customers of one organization; equal customers have equal scores, so a score may be missing.

{% set scores = {'recency': 'recency_days desc', 'frequency': 'orders', 'monetary': 'net_revenue_reporting'} %}

with

dirty_keys as (
    {% call dirty_keys() %}
    select
        organization_id,
        {{ set_fingerprint(['source', 'place', 'fingerprint']) }} as fingerprint
    from (
        select organization_id, 'lines' as source, {{ row_text(['connection_id', 'date_day']) }} as place, fingerprint
        from {{ state_of('fact_order_lines') }}
        union all
        select organization_id, 'customers' as source, {{ row_text(['connection_id', 'customer_key']) }} as place, fingerprint
        from {{ state_of('dim_customers') }}
        union all
        select organization_id, 'last day' as source, '' as place, cast(max(date_day) as varchar) as fingerprint
        from {{ ref('mart_organization_daily_metrics') }}
        group by organization_id
    ) as depended_on
    group by organization_id
    {% endcall %}
),

last_days as (
    select
        days.organization_id,
        max(days.date_day) as as_of_day
    from {{ ref('mart_organization_daily_metrics') }} as days
    inner join dirty_keys on days.organization_id = dirty_keys.organization_id
    group by days.organization_id
),

-- What came back is among the lines too, with what it had cost.
margins as (
    select
        lines.connection_id,
        lines.customer_key,
        count(lines.cost_amount) as lines_with_cost,
        {{ exact_sum('lines.margin_amount_reporting') }} as margin_amount_reporting,
        {{ exact_sum('case when lines.cost_amount is not null then lines.net_amount_reporting end') }} as margin_revenue_reporting,
        {{ exact_sum('case when lines.cost_amount is not null and lines.margin_amount_reporting is null then 1 else 0 end', 'bigint') }} as unconverted_lines
    from {{ ref('fact_order_lines') }} as lines
    inner join dirty_keys on lines.organization_id = dirty_keys.organization_id
    where lines.is_counted and lines.item_type = 'product'
    group by lines.connection_id, lines.customer_key
),

last_orders as (
    select
        orders.connection_id,
        orders.customer_key,
        max(orders.date_day) as last_order_day
    from {{ ref('fact_orders') }} as orders
    inner join dirty_keys on orders.organization_id = dirty_keys.organization_id
    where orders.is_counted and orders.order_type = 'sale'
    group by orders.connection_id, orders.customer_key
),

customers as (
    select
        customers.organization_id,
        customers.platform,
        customers.connection_id,
        customers.account_id,
        customers.customer_key,
        customers.acquisition_channel,
        customers.first_order_day,
        customers.first_known_order_day,
        last_orders.last_order_day,
        last_days.as_of_day,
        cast(round({{ seconds_between('last_orders.last_order_day', 'last_days.as_of_day') }} / 86400) as integer) as recency_days,
        customers.orders,
        customers.reporting_currency,
        customers.gross_revenue_reporting,
        customers.refunds_reporting,
        customers.net_revenue_reporting,
        {{ ratio('customers.gross_revenue_reporting', 'customers.orders') }} as aov_reporting,
        case when margins.lines_with_cost > 0 and margins.unconverted_lines = 0 then margins.margin_amount_reporting end as margin_amount_reporting,
        case when margins.lines_with_cost > 0 and margins.unconverted_lines = 0 then margins.margin_revenue_reporting end as margin_revenue_reporting,
        {{ ratio(seconds_between('customers.first_known_order_day', 'last_orders.last_order_day'), '(86400 * (customers.orders - 1))') }} as days_between_orders,
        customers.person_key
    from {{ ref('dim_customers') }} as customers
    inner join last_days on customers.organization_id = last_days.organization_id
    inner join last_orders
        on customers.connection_id = last_orders.connection_id and customers.customer_key = last_orders.customer_key
    left join margins
        on customers.connection_id = margins.connection_id and customers.customer_key = margins.customer_key
    where not customers.is_unknown
),

scored as (
    select
        *,
        {%- for name, order in scores.items() %}
        {%- set value = order.split(' ')[0] %}
        case
            when {{ value }} is not null
                then least(5, 1 + cast(floor(5 * percent_rank() over (partition by organization_id, {{ value }} is null order by {{ order }})) as integer))
        end as {{ name }}_score{{ "," if not loop.last }}
        {%- endfor %}
    from customers
),

fitting as (
    select
        scored.connection_id,
        scored.customer_key,
        segments.customer_segment
    from scored
    inner join {{ ref('customer_segments') }} as segments
        on
            scored.recency_score between segments.recency_from and segments.recency_to
            and scored.frequency_score between segments.frequency_from and segments.frequency_to
    qualify row_number() over (partition by scored.connection_id, scored.customer_key order by segments.rule_number) = 1
),

segmented as (
    select
        scored.*,
        coalesce(fitting.customer_segment, 'unknown') as customer_segment
    from scored
    left join fitting
        on scored.connection_id = fitting.connection_id and scored.customer_key = fitting.customer_key
)

select * from segmented
