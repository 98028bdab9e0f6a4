{{ config(severity='warn', meta={'dagster': {'ref': {'name': 'fact_orders'}}}) }}

-- The shop's ledger and ours agree, order by order and day by day, on what goods were worth without tax.

with

theirs as (
    select
        connection_id,
        order_id,
        date_day,
        cast(sum(total_amount - tax_amount) as decimal(24, 6)) as amount
    from {{ ref('stg_shopify__sales') }}
    where sale_line_type = 'PRODUCT'
    group by connection_id, order_id, date_day
),

ours as (
    select
        lines.connection_id,
        lines.order_id,
        lines.date_day,
        cast(sum(lines.net_amount) as decimal(24, 6)) as amount
    from {{ ref('stg_shopify__line_bookings') }} as lines
    inner join (select distinct connection_id, order_id from {{ ref('stg_shopify__sales') }}) as ledgers
        on lines.connection_id = ledgers.connection_id and lines.order_id = ledgers.order_id
    where lines.item_type = 'product'
    group by lines.connection_id, lines.order_id, lines.date_day
)

select
    coalesce(theirs.connection_id, ours.connection_id) as connection_id,
    coalesce(theirs.order_id, ours.order_id) as order_id,
    coalesce(theirs.date_day, ours.date_day) as date_day,
    coalesce(theirs.amount, 0) as ledger_amount,
    coalesce(ours.amount, 0) as booked_amount
from theirs
full outer join ours
    on
        theirs.connection_id = ours.connection_id
        and theirs.order_id = ours.order_id
        and theirs.date_day = ours.date_day
where coalesce(theirs.amount, 0) <> coalesce(ours.amount, 0)
