{{ config(severity='warn') }}

-- A refund without a time is of no day and in no fact: it waits here until the shop states one. What came back
-- with it lowers the order's own day.

select
    connection_id,
    order_id,
    refund_id
from {{ ref('stg_shopify__refunds') }}
where refunded_at is null
