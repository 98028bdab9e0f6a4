-- What a day's amounts in a currency are multiplied with to be in the organization's reporting currency;
-- null when no rate is known, never 1. Days and currencies are those of orders and refunds.

with

days as (
    select organization_id, currency_code, date_day from {{ ref('int_orders_unioned') }}
    union
    select organization_id, currency_code, date_day from {{ ref('int_refunds_unioned') }}
),

{{ with_reporting_rate('days') }}

select * from converted
