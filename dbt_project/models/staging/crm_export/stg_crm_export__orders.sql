{{ config(materialized='dirty_keys', key=['connection_id', 'order_id'], order_by=['organization_id', 'date_day', 'connection_id', 'order_id', 'line_id']) }}

-- Lines of orders as the newest complete sheet has them. An order has one instant, the earliest that its lines state.

{{ newest_of_dirty_records('crm_export', 'orders', 'order_id', lines=['line_no'], values=[
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
        concat(record_id, '/', line_no) as line_id,
        customer_id as stated_customer_id,
        {{ unreported('varchar') }} as email_token,
        product_id,
        {{ unreported('varchar') }} as sku,
        employee_id,

        -- strings
        'sale' as document_type,
        lower(status) as status,
        {{ unreported('varchar') }} as product_name,
        {{ unreported('varchar') }} as country,
        {{ unreported('varchar') }} as stated_channel,
        utm_source,
        utm_medium,
        utm_campaign,
        coalesce(
            upper(currency),
            max(upper(currency)) over (partition by _connection_id, record_id),
            account_currency
        ) as currency_code,
        account_time_zone as time_zone,

        -- numbers
        quantity,
        source_row,

        -- money, in the order's currency
        unit_price,
        discount as discount_amount,
        tax as tax_amount,
        {%- for amount in ['shipping', 'order_total', 'order_discount', 'order_tax', 'order_shipping'] %}
        {{ unreported('decimal(24, 6)') }} as {{ amount }}_amount,
        {%- endfor %}
        total as stated_amount,
        {{ unreported('decimal(24, 6)') }} as unit_cost,
        refunded_amount,

        -- booleans
        1 = 0 as is_tax_included,
        coalesce(is_deleted, 1 = 0) as is_deleted,

        -- times
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
    -- An order without a time is of no day.
    qualify min(ordered_at) over (partition by _connection_id, record_id) is not null
)

select * from renamed
