{{ config(materialized='dirty_keys', key=['connection_id', 'order_id'], order_by=['organization_id', 'date_day', 'connection_id', 'order_id', 'line_id']) }}

-- Lines of orders on the day of the order, and what came back on the day of its refund. Amounts are without tax on the
-- wire, whatever the shop's prices are; where prices hold the tax, so does the gross amount.

{{ rows_of_dirty_orders(['stg_woocommerce__orders']) }}

refunds as (
    select
        refunds.*,
        orders.currency_code,
        orders.is_tax_included
    from {{ ref('stg_woocommerce__refunds') }} as refunds
    inner join orders
        on refunds.connection_id = orders.connection_id and refunds.order_id = orders.order_id
),

exploded as (
    select
        organization_id, connection_id, platform, account_id, order_id, cast(null as varchar) as refund_id, 'sale' as line_type,
        currency_code, is_tax_included, date_day, _sync_id, _chunk_id, _synced_at,
        {{ json_elements('line_items') }} as line
    from orders
    union all
    select
        organization_id, connection_id, platform, account_id, order_id, refund_id, 'return' as line_type,
        currency_code, is_tax_included, date_day, _sync_id, _chunk_id, _synced_at,
        {{ json_elements('refund_lines') }} as line
    from refunds
),

typed as (
    select
        exploded.* exclude (line),
        order_id as document_id,
        coalesce({{ json_text('line', 'id') }}, 'unknown') as line_id,
        {%- for name, key in {'product_id': 'product_id', 'variant_id': 'variation_id'}.items() %}
        coalesce(nullif({{ json_text('line', key) }}, '0'), '') as {{ name }},
        {%- endfor %}
        nullif({{ json_text('line', 'sku') }}, '') as sku,
        {{ json_text('line', 'name') }} as product_name,
        {%- for key in ['quantity', 'subtotal', 'subtotal_tax', 'total', 'total_tax'] %}
        coalesce({{ json_number('line', key) }}, 0) as {{ key }},
        {%- endfor %}
        line
    from exploded
),

-- A repeated element is one line.
deduplicated as (
    select *
    from typed
    qualify row_number() over (
        partition by connection_id, order_id, refund_id, line_id
        order by line
    ) = 1
),

-- Of what comes back the discount is off already.
valued as (
    select
        * exclude (line, subtotal, subtotal_tax, total, total_tax),
        'product' as item_type,
        try_cast(
            case when line_type = 'sale' then subtotal else total end
            + case when not is_tax_included then 0 when line_type = 'sale' then subtotal_tax else total_tax end as decimal(24, 6)
        ) as gross_amount,
        total_tax as tax_amount,
        total as net_amount
    from deduplicated
    where line_type = 'sale' or quantity <> 0 or total <> 0 or total_tax <> 0
),

booked as (
    select
        *,
        try_cast(gross_amount - net_amount - case when is_tax_included then tax_amount else 0 end as decimal(24, 6)) as discount_amount
    from valued
)

select * from booked
