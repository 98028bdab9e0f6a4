-- The products of a day are the day of its shop.

with

products as (
    select
        connection_id,
        date_day,
        {{ whole_sum('gross_revenue_reporting') }} as gross_revenue_reporting,
        {{ whole_sum('refunds_reporting') }} as refunds_reporting,
        sum(units_sold) as units
    from {{ ref('mart_product_performance') }}
    group by connection_id, date_day
)

select days.*
from {{ ref('mart_shop_daily_summary') }} as days
left join products on days.connection_id = products.connection_id and days.date_day = products.date_day
where
    (days.unconverted_gross_revenue is null and days.gross_revenue_reporting is distinct from coalesce(products.gross_revenue_reporting, 0))
    or (days.unconverted_refunds is null and days.refunds_reporting is distinct from coalesce(products.refunds_reporting, 0))
    or days.units is distinct from coalesce(products.units, 0)
