-- The products of a day are the day of its shop, in the currency of the account; of refunds those that name the lines that came back.

with

products as (
    select
        connection_id,
        date_day,
        {{ whole_sum('gross_revenue') }} as gross_revenue,
        {{ whole_sum('refunds') }} as refunds,
        sum(units_sold) as units
    from {{ ref('mart_product_performance') }}
    group by connection_id, date_day
),

with_lines as (
    select distinct refund_key from {{ ref('fact_order_lines') }}
    where line_type = 'return' and item_type = 'product'
),

refunds as (
    select
        refunds.connection_id,
        refunds.date_day,
        {{ exact_sum('refunds.net_amount') }} as net_amount
    from {{ ref('fact_refunds') }} as refunds
    inner join with_lines on refunds.refund_key = with_lines.refund_key
    where refunds.is_counted
    group by refunds.connection_id, refunds.date_day
)

select days.*
from {{ ref('mart_shop_daily_summary') }} as days
left join products on days.connection_id = products.connection_id and days.date_day = products.date_day
left join refunds on days.connection_id = refunds.connection_id and days.date_day = refunds.date_day
where
    days.currency_code is not null
    and days.gross_revenue is not null
    and (
        days.gross_revenue <> coalesce(products.gross_revenue, 0)
        or coalesce(refunds.net_amount, 0) <> coalesce(products.refunds, 0)
        or days.units <> coalesce(products.units, 0)
    )
