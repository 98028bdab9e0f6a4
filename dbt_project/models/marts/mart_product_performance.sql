{{ config(
    key=['organization_id', 'platform', 'connection_id', 'date_day'],
    order_by=['organization_id', 'date_day', 'connection_id', 'product_key'],
) }}

-- Counted lines of products: what was sold on the day it was ordered, what came back on the day it did. All products of a day are the
-- day of the shop, but for refunds without lines, which stand there apart.

with

dirty_keys as (
    {% call dirty_keys() %}
    select organization_id, platform, connection_id, date_day, fingerprint
    from {{ state_of('fact_order_lines') }}
    {% endcall %}
),

lines as (
    select
        lines.*,
        lines.line_type = 'return' as is_return
    from {{ ref('fact_order_lines') }} as lines
    inner join dirty_keys
        on lines.connection_id = dirty_keys.connection_id and lines.date_day = dirty_keys.date_day
    where lines.is_counted and lines.item_type = 'product'
),

summed as (
    select
        organization_id,
        platform,
        connection_id,
        account_id,
        product_key,
        date_day,
        max(product_id) as product_id,
        max(variant_id) as variant_id,
        max(product_name) as product_name,
        count(distinct case when line_type in ('sale', 'edit') then order_key end) as orders,
        try_cast(sum(case when is_return then 0 else quantity end) as decimal(24, 6)) as units_sold,
        try_cast(-sum(case when is_return then quantity else 0 end) as decimal(24, 6)) as units_returned,
        case when min(currency_code) = max(currency_code) then max(currency_code) end as currency_code,
        max(reporting_currency) as reporting_currency,
        {%- for suffix in ['', '_reporting'] %}
        {{ whole_sum('case when is_return then 0 else net_amount' ~ suffix ~ ' end') }} as gross_revenue{{ suffix }},
        {{ whole_sum('case when is_return then -net_amount' ~ suffix ~ ' else 0 end') }} as refunds{{ suffix }},
        {{ whole_sum('case when is_return then 0 else discount_amount' ~ suffix ~ ' end') }} as discounts{{ suffix }},
        {%- endfor %}
        count(cost_amount) as lines_with_cost,
        {{ whole_sum('case when cost_amount is null then 0 else cost_amount_reporting end') }} as cost_amount_reporting,
        {{ whole_sum('case when cost_amount is null then 0 else net_amount_reporting end') }} as margin_revenue_reporting
    from lines
    group by organization_id, platform, connection_id, account_id, product_key, date_day
),

costed as (
    select
        *,
        case when lines_with_cost > 0 then try_cast(margin_revenue_reporting - cost_amount_reporting as decimal(24, 6)) end as margin_amount_reporting
    from summed
),

rated as (
    select
        organization_id,
        platform,
        connection_id,
        account_id,
        product_key,
        product_id,
        variant_id,
        product_name,
        date_day,
        {{ date_key('date_day') }} as date_key,
        orders,
        units_sold,
        units_returned,
        currency_code,
        reporting_currency,
        {%- for amount in ['gross_revenue', 'refunds', 'discounts'] %}
        case when currency_code is not null then {{ amount }} end as {{ amount }},
        {{ amount }}_reporting,
        {%- endfor %}
        case when currency_code is not null then try_cast(gross_revenue - refunds as decimal(24, 6)) end as net_revenue,
        try_cast(gross_revenue_reporting - refunds_reporting as decimal(24, 6)) as net_revenue_reporting,
        case when lines_with_cost > 0 then cost_amount_reporting end as cost_amount_reporting,
        margin_amount_reporting,
        case when lines_with_cost > 0 then margin_revenue_reporting end as margin_revenue_reporting,
        {{ ratio('margin_amount_reporting', 'margin_revenue_reporting') }} as margin_rate
    from costed
)

select * from rated
