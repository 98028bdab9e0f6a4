{{ config(
    key=['organization_id', 'platform', 'connection_id', 'date_day'],
    order_by=['organization_id', 'date_day', 'order_line_key'],
) }}

{% set amounts = ['gross', 'discount', 'tax', 'included_tax', 'net'] %}

with

dirty_keys as (
    {% call dirty_keys() %}
    select
        organization_id,
        platform,
        connection_id,
        date_day,
        {{ set_fingerprint(['source', 'fingerprint']) }} as fingerprint
    from (
        select organization_id, platform, connection_id, date_day, 'orders' as source, fingerprint
        from {{ ref('int_order_days') }}
        union all
        select organization_id, platform, connection_id, date_day, 'refunds' as source, fingerprint
        from {{ ref('int_refund_days') }}
    ) as days
    group by organization_id, platform, connection_id, date_day
    {% endcall %}
),

lines as (
    select lines.*
    from {{ ref('int_order_lines_unioned') }} as lines
    inner join dirty_keys
        on lines.connection_id = dirty_keys.connection_id and lines.date_day = dirty_keys.date_day
),

-- What a line belongs to: a sale its order or the edit that added it, a return its refund.
parents as (
    select
        connection_id,
        order_id,
        document_id,
        {{ unreported('varchar') }} as refund_id,
        order_key,
        {{ unreported('varchar') }} as refund_key,
        customer_key,
        is_counted
    from {{ ref('int_orders_unioned') }}
    union all
    select
        connection_id,
        order_id,
        order_id as document_id,
        refund_id,
        order_key,
        refund_key,
        customer_key,
        is_counted
    from {{ ref('int_refunds_unioned') }}
),

converted as (
    select
        -- keys
        lines.organization_id,
        lines.platform,
        lines.connection_id,
        lines.account_id,
        {{ surrogate_key([
            'lines.organization_id', 'lines.platform', 'lines.account_id', 'lines.order_id',
            'lines.line_type', 'lines.refund_id', 'lines.line_id',
        ]) }} as order_line_key,
        parents.order_key,
        parents.refund_key,
        lines.line_id,
        lines.line_type,
        lines.product_key,
        parents.customer_key,
        lines.date_day,
        {{ date_key('lines.date_day') }} as date_key,
        parents.is_counted,

        -- what was sold, in the words of the line
        nullif(lines.product_id, '') as product_id,
        nullif(lines.variant_id, '') as variant_id,
        lines.sku,
        lines.product_name,

        -- measures; money in the order's currency and in the reporting currency
        lines.currency_code,
        rates.reporting_currency,
        rates.exchange_rate,
        lines.quantity,
        {%- for amount in amounts %}
        lines.{{ amount }}_amount,
        {{ convert('lines.' ~ amount ~ '_amount', 'rates.exchange_rate') }} as {{ amount }}_amount_reporting,
        {%- endfor %}
        costs.unit_cost,
        costs.cost_source,
        try_cast(lines.quantity * costs.unit_cost as decimal(24, 6)) as cost_amount,
        {{ convert('try_cast(lines.quantity * costs.unit_cost as decimal(24, 6))', 'rates.exchange_rate') }} as cost_amount_reporting,
        try_cast(lines.net_amount - lines.quantity * costs.unit_cost as decimal(24, 6)) as margin_amount,

        -- what kind of thing the line is of; only products are revenue
        lines.item_type,

        -- lineage
        lines._sync_id,
        lines._synced_at,

        -- the margin, converted as all amounts
        {{ convert('try_cast(lines.net_amount - lines.quantity * costs.unit_cost as decimal(24, 6))', 'rates.exchange_rate') }} as margin_amount_reporting,

        -- who sold it; null where nobody is named
        case when lines.employee_id is not null then {{ employee_key('lines') }} end as employee_key,
        lines.employee_id
    from lines
    inner join parents
        on
            lines.connection_id = parents.connection_id
            and lines.order_id = parents.order_id
            and lines.document_id = parents.document_id
            and lines.refund_id is not distinct from parents.refund_id
    left join {{ ref('int_order_line_costs') }} as costs
        on
            lines.connection_id = costs.connection_id
            and lines.order_id = costs.order_id
            and lines.line_type = costs.line_type
            and lines.refund_id is not distinct from costs.refund_id
            and lines.line_id = costs.line_id
    left join {{ ref('int_reporting_rates') }} as rates
        on
            lines.organization_id = rates.organization_id
            and lines.currency_code = rates.currency_code
            and lines.date_day = rates.date_day
)

select * from converted
