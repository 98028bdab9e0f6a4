{{ config(materialized='dirty_keys', key=['connection_id', 'order_id'], order_by=['organization_id', 'date_day', 'connection_id', 'order_id']) }}

-- Orders, each in the state that is known last. What is in the bin or deleted counts for nothing, paid or not.

with

dirty_keys as (
    {% call dirty_keys() %}
    select connection_id, order_id, fingerprint from {{ ref('stg_woocommerce__known_orders') }}
    {% endcall %}
),

known as (
    select
        orders.*,
        orders.is_gone or coalesce(orders.financial_status = 'trash', false) as is_binned
    from {{ ref('stg_woocommerce__known_orders') }} as orders
    inner join dirty_keys
        on orders.connection_id = dirty_keys.connection_id and orders.order_id = dirty_keys.order_id
),

renamed as (
    select
        -- ids
        organization_id,
        connection_id,
        platform,
        account_id,
        order_id,
        order_id as document_id,
        customer_id,

        -- strings
        order_name,
        'sale' as order_type,
        financial_status,
        source_name,
        country,
        {%- for part in ['source', 'medium', 'campaign', 'term', 'content'] %}
        utm_{{ part }},
        {%- endfor %}
        currency_code,
        time_zone,

        -- money, in the order's currency
        total_amount,
        tax_amount,
        shipping_amount,
        shipping_tax_amount,
        fee_amount,
        refunded_amount_to_date,

        -- booleans
        is_tax_included,
        not is_binned
        and (paid_at is not null or coalesce(financial_status, '') in ('processing', 'completed', 'refunded')) as is_paid,
        is_binned or coalesce(financial_status = 'cancelled', false) as is_cancelled,
        false as is_test,

        -- times
        ordered_at,
        date_day,
        local_hour,
        ordered_at as created_at,
        updated_at,

        -- lists, exploded by stg_woocommerce__line_bookings
        line_items,

        -- lineage
        _sync_id,
        _chunk_id,
        _synced_at
    from known
)

select * from renamed
