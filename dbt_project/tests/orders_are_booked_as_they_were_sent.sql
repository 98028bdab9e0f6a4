-- Each line that a shop sent is booked once, at its price, and so is each that came back. Of orders without a ledger:
-- what one says of the others is tested by orders_agree_with_their_ledger.

{{ config(meta={'dagster': {'ref': {'name': 'fact_order_lines'}}}) }}

with

sent as (
    select
        connection_id,
        order_id,
        1 as sold,
        0 as returned,
        case when item_type = 'product' then list_amount else 0 end as gross_amount
    from {{ ref('stg_shopify__order_lines') }}
    union all
    select
        connection_id,
        order_id,
        0 as sold,
        1 as returned,
        0 as gross_amount
    from {{ ref('stg_shopify__refund_lines') }}
    where date_day is not null
),

booked as (
    select
        connection_id,
        order_id,
        case when line_type = 'return' then 0 else 1 end as sold,
        case when line_type = 'return' then 1 else 0 end as returned,
        case when line_type <> 'return' and item_type = 'product' then gross_amount else 0 end as gross_amount
    from {{ ref('stg_shopify__line_bookings') }}
    where line_type <> 'removal'
),

differences as (
    select
        sides.connection_id,
        sides.order_id,
        sum(sides.side * sides.sold) as sold,
        sum(sides.side * sides.returned) as returned,
        sum(sides.side * sides.gross_amount) as gross_amount
    from (
        select *, 1 as side from booked
        union all
        select *, -1 as side from sent
    ) as sides
    left join (select distinct connection_id, order_id from {{ ref('stg_shopify__sales') }}) as ledgers
        on sides.connection_id = ledgers.connection_id and sides.order_id = ledgers.order_id
    where ledgers.order_id is null
    group by sides.connection_id, sides.order_id
)

select *
from differences
where sold <> 0 or returned <> 0 or gross_amount <> 0
