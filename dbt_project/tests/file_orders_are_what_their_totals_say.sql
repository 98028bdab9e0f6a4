-- Orders of files whose stated total is not what their lines, tax and shipping add up to: the total is shown
-- as stated, the lines as they are, and this names the difference.

{{ config(severity='warn', meta={'dagster': {'ref': {'name': 'fact_orders'}}}) }}

select
    organization_id,
    connection_id,
    order_id,
    currency_code,
    total_amount,
    cast(total_amount - net_amount - tax_amount - shipping_amount as decimal(24, 6)) as difference
from {{ ref('fact_orders') }}
where
    platform = 'files'
    and abs(total_amount - net_amount - tax_amount - shipping_amount) > 0.01
