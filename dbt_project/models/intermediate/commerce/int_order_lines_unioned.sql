{{ config(materialized='dirty_keys', key=['connection_id', 'order_id'], order_by=['organization_id', 'date_day', 'connection_id', 'order_id']) }}

-- One CTE per platform, then one order of business. A return line is negative and stands on the day of
-- its refund, what an edit added on the day of the edit.

with

dirty_keys as (
    {% call dirty_keys() %}
    select
        connection_id,
        order_id,
        {{ set_fingerprint(['source', 'fingerprint']) }} as fingerprint
    from (
        select connection_id, order_id, 'lines' as source, fingerprint
        from {{ state_of('int_shopify_line_bookings') }}
        union all
        select connection_id, order_id, 'file' as source, fingerprint
        from {{ state_of('int_file_order_lines') }}
    ) as sources
    group by connection_id, order_id
    {% endcall %}
),

{%- for name in ['int_shopify_line_bookings', 'int_file_order_lines'] %}

{{ name }}_dirty as (
    select staged.*
    from {{ ref(name) }} as staged
    inner join dirty_keys
        on staged.connection_id = dirty_keys.connection_id and staged.order_id = dirty_keys.order_id
),
{%- endfor %}

shopify as (
    select
        organization_id,
        connection_id,
        platform,
        account_id,
        order_id,
        document_id,
        line_id,
        refund_id,
        line_type,
        item_type,
        product_id,
        variant_id,
        sku,
        product_name,
        currency_code,
        date_day,
        quantity,
        gross_amount,
        discount_amount,
        tax_amount,
        is_tax_included,
        cast(0 as decimal(24, 6)) as shipping_amount,
        {{ unreported('decimal(24, 6)') }} as stated_amount,
        {{ unreported('decimal(24, 6)') }} as stated_unit_cost,
        _sync_id,
        _chunk_id,
        _synced_at
    from int_shopify_line_bookings_dirty
),

file_lines as (
    select
        *,
        case
            when is_document_turned then -1
            else 1
        end as sign
    from (
        select
            *,
            -- Some files write what came back as positive numbers: a return is negative here.
            document_type = 'return'
            and sum(coalesce(try_cast(unit_price * quantity as decimal(24, 6)), stated_amount, 0)) over one_order >= 0
            and sum(coalesce(quantity, 0)) over one_order >= 0 as is_document_turned
        from int_file_order_lines_dirty
        where not is_deleted
        window one_order as (partition by connection_id, order_id, document_type)
    ) as priced
),

files as (
    select
        organization_id,
        connection_id,
        platform,
        account_id,
        order_id,
        order_id as document_id,
        line_id,
        case when document_type = 'return' then order_id end as refund_id,
        document_type as line_type,
        'product' as item_type,
        coalesce(product_id, '') as product_id,
        '' as variant_id,
        sku,
        product_name,
        currency_code,
        date_day,
        try_cast(sign * coalesce(quantity, 0) as decimal(24, 6)) as quantity,
        try_cast(sign * list_amount as decimal(24, 6)) as gross_amount,
        try_cast(sign * coalesce(discount_amount, 0) as decimal(24, 6)) as discount_amount,
        try_cast(sign * coalesce(tax_amount, 0) as decimal(24, 6)) as tax_amount,
        is_tax_included,
        try_cast(sign * coalesce(shipping_amount, 0) as decimal(24, 6)) as shipping_amount,
        try_cast(sign * stated_amount as decimal(24, 6)) as stated_amount,
        unit_cost as stated_unit_cost,
        _sync_id,
        _chunk_id,
        _synced_at
    from file_lines
),

unioned as (
    select * from shopify
    union all
    select * from files
),

valued as (
    select
        organization_id,
        connection_id,
        platform,
        account_id,
        order_id,
        document_id,
        line_id,
        refund_id,
        line_type,
        item_type,
        {{ surrogate_key(['organization_id', 'platform', 'account_id', 'product_id', 'variant_id']) }} as product_key,
        product_id,
        variant_id,
        sku,
        product_name,
        currency_code,
        date_day,
        quantity,
        gross_amount,
        discount_amount,
        tax_amount,
        try_cast(case when is_tax_included then tax_amount else 0 end as decimal(24, 6)) as included_tax_amount,
        try_cast(gross_amount - discount_amount - case when is_tax_included then tax_amount else 0 end as decimal(24, 6)) as net_amount,
        shipping_amount,
        stated_amount,
        stated_unit_cost,
        _sync_id,
        _chunk_id,
        _synced_at
    from unioned
)

select * from valued
