{{ config(
    key=['organization_id', 'platform', 'connection_id', 'date_day'],
    order_by=['organization_id', 'date_day', 'connection_id'],
) }}

-- Counted orders on the day they were placed, refunds on their own day. A file may state several
-- currencies: then there is no sum but the one in the reporting currency. What no rate converts stands beside
-- it for revenue and refunds, and for all amounts in mart_unconverted_amounts.

{% set amounts = [
    'gross_revenue', 'refunds', 'net_revenue', 'discounts', 'tax', 'shipping', 'gift_cards', 'tips', 'duties', 'fees',
    'refund_adjustments',
] %}

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
        from {{ state_of('fact_orders') }}
        union all
        select organization_id, platform, connection_id, date_day, 'refunds' as source, fingerprint
        from {{ state_of('fact_refunds') }}
        union all
        select organization_id, platform, connection_id, date_day, 'lines' as source, fingerprint
        from {{ state_of('fact_order_lines') }}
        union all
        select organization_id, platform, connection_id, date_day, 'days' as source, fingerprint
        from {{ ref('int_shop_days') }}
        union all
        select organization_id, platform, connection_id, date_day, 'complete' as source, {{ fingerprint(['is_complete', 'orders_hidden_before']) }} as fingerprint
        from {{ ref('int_complete_days') }}
        where is_shop
    ) as days
    group by organization_id, platform, connection_id, date_day
    {% endcall %}
),

documents as (
    {{ shop_documents(
        ['connection_id', 'date_day'],
        ['organization_id', 'platform', 'connection_id', 'account_id', 'date_day'],
    ) }}
),

counted as (
    select
        organization_id,
        platform,
        connection_id,
        account_id,
        date_day,
        try_cast(sum(orders) as bigint) as orders,
        try_cast(sum(new_customers) as bigint) as new_customers,
        try_cast(sum(orders_of_unknown_customers) as bigint) as orders_of_unknown_customers,
        try_cast(sum(units) as decimal(24, 6)) as units,
        {%- for amount in amounts %}
        case when count(currency_code) = 0 or min(currency_code) = max(currency_code) then try_cast(sum({{ amount }}) as decimal(24, 6)) end as {{ amount }},
        {{ known_sum(amount ~ '_reporting', amount) }} as {{ amount }}_reporting{{ "," if not loop.last }}
        {%- endfor %}
    from documents
    group by organization_id, platform, connection_id, account_id, date_day
),

unconverted as (
    {{ unconverted_texts(
        ref('mart_unconverted_amounts'), ['connection_id', 'date_day'], ['gross_revenue', 'refunds', 'net_revenue'],
    ) }}
),

-- Everything that was placed, counted or not, as it came.
placed as (
    select
        orders.organization_id,
        orders.platform,
        orders.connection_id,
        orders.account_id,
        orders.date_day,
        orders.currency_code,
        orders.reporting_currency,
        case when orders.order_type = 'edit' then 0 else 1 end as order_documents,
        case when orders.is_counted or orders.order_type = 'edit' then 0 else 1 end as orders_not_counted,
        orders.line_count as order_lines,
        0 as return_lines,
        case when orders.is_counted then orders.gross_amount else 0 end as gross_amount,
        case when orders.is_counted then 0 else orders.gross_amount end as gross_amount_not_counted
    from {{ ref('fact_orders') }} as orders
    inner join dirty_keys
        on orders.connection_id = dirty_keys.connection_id and orders.date_day = dirty_keys.date_day
    union all
    select
        lines.organization_id,
        lines.platform,
        lines.connection_id,
        lines.account_id,
        lines.date_day,
        lines.currency_code,
        lines.reporting_currency,
        0 as order_documents,
        0 as orders_not_counted,
        0 as order_lines,
        1 as return_lines,
        cast(0 as decimal(24, 6)) as gross_amount,
        cast(0 as decimal(24, 6)) as gross_amount_not_counted
    from {{ ref('fact_order_lines') }} as lines
    inner join dirty_keys
        on lines.connection_id = dirty_keys.connection_id and lines.date_day = dirty_keys.date_day
    where lines.line_type = 'return'
    union all
    select
        refunds.organization_id,
        refunds.platform,
        refunds.connection_id,
        refunds.account_id,
        refunds.date_day,
        refunds.currency_code,
        refunds.reporting_currency,
        0 as order_documents,
        0 as orders_not_counted,
        0 as order_lines,
        0 as return_lines,
        cast(0 as decimal(24, 6)) as gross_amount,
        cast(0 as decimal(24, 6)) as gross_amount_not_counted
    from {{ ref('fact_refunds') }} as refunds
    inner join dirty_keys
        on refunds.connection_id = dirty_keys.connection_id and refunds.date_day = dirty_keys.date_day
),

placed_days as (
    select distinct connection_id, date_day from placed
),

-- Of a day whose orders are all known it is known too that there were none.
quiet as (
    select
        days.organization_id,
        days.platform,
        days.connection_id,
        days.account_id,
        days.date_day,
        days.currency_code,
        days.reporting_currency,
        0 as order_documents,
        0 as orders_not_counted,
        0 as order_lines,
        0 as return_lines,
        cast(0 as decimal(24, 6)) as gross_amount,
        cast(0 as decimal(24, 6)) as gross_amount_not_counted
    from {{ ref('int_shop_days') }} as days
    inner join dirty_keys
        on days.connection_id = dirty_keys.connection_id and days.date_day = dirty_keys.date_day
    left join placed_days
        on days.connection_id = placed_days.connection_id and days.date_day = placed_days.date_day
    where placed_days.connection_id is null
),

all_days as (
    select * from placed
    union all
    select * from quiet
),

everything as (
    select
        organization_id,
        platform,
        connection_id,
        account_id,
        date_day,
        case when min(currency_code) = max(currency_code) then max(currency_code) end as currency_code,
        max(reporting_currency) as reporting_currency,
        try_cast(sum(order_documents) as bigint) as order_documents,
        try_cast(sum(orders_not_counted) as bigint) as orders_not_counted,
        try_cast(sum(order_lines) as bigint) as order_lines,
        try_cast(sum(return_lines) as bigint) as return_lines,
        try_cast(sum(gross_amount) as decimal(24, 6)) as gross_amount,
        try_cast(sum(gross_amount_not_counted) as decimal(24, 6)) as gross_amount_not_counted
    from all_days
    group by organization_id, platform, connection_id, account_id, date_day
),

summary as (
    select
        everything.organization_id,
        everything.platform,
        everything.connection_id,
        everything.account_id,
        everything.date_day,
        {{ date_key('everything.date_day') }} as date_key,
        everything.order_documents,
        everything.orders_not_counted,
        everything.order_lines,
        everything.return_lines,
        coalesce(counted.orders, 0) as orders,
        coalesce(counted.new_customers, 0) as new_customers,
        coalesce(counted.orders_of_unknown_customers, 0) as orders_of_unknown_customers,
        coalesce(counted.units, 0) as units,
        everything.currency_code,
        everything.reporting_currency,
        everything.gross_amount,
        everything.gross_amount_not_counted,
        {%- for amount in amounts %}
        case when counted.connection_id is null then 0 else counted.{{ amount }} end as {{ amount }},
        case when counted.connection_id is null then 0 else counted.{{ amount }}_reporting end as {{ amount }}_reporting,
        {%- endfor %}
        {{ if_converted(ratio('counted.gross_revenue_reporting', 'counted.orders'), ['unconverted.unconverted_gross_revenue']) }} as aov_reporting,
        coalesce(complete_days.is_complete, false) as is_complete,
        complete_days.orders_hidden_before,
        unconverted.unconverted_gross_revenue,
        unconverted.unconverted_refunds,
        unconverted.unconverted_net_revenue
    from everything
    left join counted
        on everything.connection_id = counted.connection_id and everything.date_day = counted.date_day
    left join unconverted
        on everything.connection_id = unconverted.connection_id and everything.date_day = unconverted.date_day
    left join {{ ref('int_complete_days') }} as complete_days
        on
            everything.connection_id = complete_days.connection_id
            and everything.date_day = complete_days.date_day
            and complete_days.is_shop
)

select * from summary
