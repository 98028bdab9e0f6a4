{{ config(materialized='dirty_keys', key=['connection_id', 'order_id'], order_by=['organization_id', 'date_day', 'connection_id', 'order_id', 'line_id']) }}

-- One row per line; the newest file that has an order brings all of its lines.

{{ newest_of_dirty_records('files', 'orders', 'order_id', lines=['line_no'], values=[
    'source_row', 'quantity', 'unit_price', 'total', 'discount', 'tax',
]) }}

renamed as (
    select
        -- ids
        _organization_id as organization_id,
        _connection_id as connection_id,
        platform,
        account_id,
        record_id as order_id,
        coalesce(line_no, '') as line_id,
        nullif(customer_id, '') as stated_customer_id,
        nullif(customer_email, '') as email_token,
        coalesce(nullif(product_id, ''), nullif(sku, '')) as product_id,
        nullif(sku, '') as sku,
        nullif(employee_id, '') as employee_id,

        -- strings
        document_type,
        lower(status) as status,
        product_name,
        nullif(country, '') as country,
        nullif(channel, '') as stated_channel,
        utm_source,
        utm_medium,
        utm_campaign,
        coalesce(
            nullif(currency_code, ''),
            max(nullif(currency_code, '')) over (partition by _connection_id, record_id),
            account_currency
        ) as currency_code,
        account_time_zone as time_zone,

        -- numbers
        quantity,
        source_row,

        -- money, in the file's currency
        unit_price,
        discount as discount_amount,
        tax as tax_amount,
        shipping as shipping_amount,
        total as stated_amount,
        order_total as order_total_amount,
        order_discount as order_discount_amount,
        order_tax as order_tax_amount,
        order_shipping as order_shipping_amount,
        unit_cost,
        refunded_amount,

        -- booleans
        coalesce(tax_included, false) as is_tax_included,
        coalesce(is_deleted, false) as is_deleted,

        -- times; an order has one instant, the earliest that its lines state
        min(ordered_at) over (partition by _connection_id, record_id) as ordered_at,
        cast({{ instant_to_local('min(ordered_at) over (partition by _connection_id, record_id)', 'account_time_zone') }} as date) as date_day,
        paid_at,
        refunded_at,
        updated_at,

        -- lineage
        _sync_id,
        _chunk_id,
        _synced_at
    from source
    -- An order without a time is of no day; a file's orders need one.
    qualify min(ordered_at) over (partition by _connection_id, record_id) is not null
)

select * from renamed
