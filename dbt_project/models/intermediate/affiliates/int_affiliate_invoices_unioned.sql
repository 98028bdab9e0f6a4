-- What partners are paid for a span of days, of every platform, with the rate of the last of these days.

with

listed as (
    {{ union_of('affiliate_invoice_list') }}
),

invoices as (
    select
        *,
        last_day as date_day
    from listed
),

{{ with_reporting_rate('invoices') }}

select * from converted
