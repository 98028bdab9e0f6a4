{{ config(materialized='dirty_keys', key=['connection_id', 'order_id'], order_by=['organization_id', 'date_day', 'connection_id', 'order_id']) }}

with

dirty_keys as (
    {% call dirty_keys() %}
    {{ newest_record_fingerprints('shopify', 'orders', 'order_id') }}
    {% endcall %}
),

source as (
    {{ newest_rows('shopify', 'orders', 'order_id', values=[
        'financial_status', 'fulfillment_status', 'total_price', 'total_refunded', 'line_items', 'refunds',
    ]) }}
),

-- What earlier versions of the connector did not ask for.
completed as (
    {{ with_columns('source', {
        'original_total_price': 'decimal(24, 6)',
        'country_code': 'varchar',
        'region_code': 'varchar',
        'payment_gateways': 'varchar',
        'click_id': 'varchar',
        'fulfillments': 'varchar',
        'landing_path': 'varchar',
        'referrer_host': 'varchar',
        'total_tip': 'decimal(24, 6)',
        'total_duties': 'decimal(24, 6)',
        'total_fees': 'decimal(24, 6)',
        'shipping_lines': 'varchar',
        'agreements': 'varchar',
        'first_visit_at': 'timestamp with time zone',
        'last_visit_at': 'timestamp with time zone',
        'first_visit_source': 'varchar',
        'first_utm_source': 'varchar',
        'first_utm_medium': 'varchar',
        'first_utm_campaign': 'varchar',
        'first_utm_term': 'varchar',
        'first_utm_content': 'varchar',
        'first_landing_campaign_id': 'varchar',
        'first_click_id_type': 'varchar',
        'first_click_id': 'varchar',
    }) }}
),

fulfillment_elements as (
    select
        _connection_id,
        record_id,
        {{ json_elements('fulfillments') }} as fulfillment
    from completed
),

-- What was sent and not called back.
sent as (
    select
        _connection_id,
        record_id,
        min({{ json_instant('fulfillment', 'createdAt') }}) as fulfilled_at,
        max({{ json_instant('fulfillment', 'createdAt') }}) as last_fulfilled_at
    from fulfillment_elements
    where {{ json_text('fulfillment', 'status') }} = 'SUCCESS'
    group by _connection_id, record_id
),

renamed as (
    select
        -- ids
        _organization_id as organization_id,
        completed._connection_id as connection_id,
        platform,
        account_id,
        completed.record_id as order_id,
        customer_id,

        -- strings
        name as order_name,
        financial_status,
        fulfillment_status,
        country_code,
        region_code as region,
        return_status,
        cancel_reason,
        source_name,
        last_visit_source,
        first_visit_source,
        first_utm_source,
        first_utm_medium,
        first_utm_campaign,
        first_utm_term,
        first_utm_content,
        first_landing_campaign_id,
        first_click_id_type,
        first_click_id,
        utm_source,
        utm_medium,
        utm_campaign,
        utm_term,
        utm_content,
        landing_campaign_id,
        click_id_type,
        click_id,
        {{ joined_texts('discount_codes') }} as discount_codes,
        {{ joined_texts('payment_gateways') }} as payment_gateways,
        {{ joined_texts('shipping_lines', 'title') }} as delivery_methods,
        landing_path,
        referrer_host,
        tags,
        coalesce(currency_code, account_currency) as currency_code,
        presentment_currency_code,
        account_time_zone as time_zone,

        -- money, in the shop's currency
        total_price,
        current_total_price,
        subtotal_price,
        total_discounts,
        total_tax,
        total_shipping,
        total_refunded,
        original_total_price,
        total_tip,
        total_duties,
        total_fees,

        -- numbers
        customer_order_index,

        -- booleans
        coalesce(is_test, false) as is_test,
        coalesce(is_edited, false) as is_edited,
        coalesce(taxes_included, false) as is_tax_included,
        is_journey_ready,

        -- times
        coalesce(processed_at, created_at) as ordered_at,
        cast({{ instant_to_local('coalesce(processed_at, created_at)', 'account_time_zone') }} as date) as date_day,
        cast(hour({{ instant_to_local('coalesce(processed_at, created_at)', 'account_time_zone') }}) as integer) as local_hour,
        created_at,
        updated_at,
        cancelled_at,
        first_visit_at,
        last_visit_at,
        sent.fulfilled_at,
        sent.last_fulfilled_at,

        -- lists, exploded by stg_shopify__order_lines, stg_shopify__refunds and stg_shopify__sales
        line_items,
        refunds,
        shipping_lines,
        agreements,

        -- lineage
        _sync_id,
        _chunk_id,
        _synced_at
    from completed
    left join sent
        on completed._connection_id = sent._connection_id and completed.record_id = sent.record_id
    -- An order without a time is of no day; Shopify gives every order one.
    where coalesce(processed_at, created_at) is not null
)

select * from renamed
