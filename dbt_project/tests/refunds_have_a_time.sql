{{ config(severity='warn') }}

-- A refund without a time, its own or the ledger's, is of no day and in no fact: it waits here (and in quarantine)
-- until the shop states one. What came back with it lowers the order's own day.

select
    connection_id,
    order_id,
    refund_id
from {{ ref('stg_shopify__refunds') }}
where refunded_at is null
