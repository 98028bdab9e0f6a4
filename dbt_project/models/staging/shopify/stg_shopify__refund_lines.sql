{{ config(materialized='dirty_keys', key=['connection_id', 'order_id'], order_by=['organization_id', 'date_day', 'connection_id', 'order_id', 'refund_line_id']) }}

with

dirty_keys as (
    {% call dirty_keys() %}
    select connection_id, order_id, fingerprint from {{ state_of('stg_shopify__refunds') }}
    {% endcall %}
),

refunds as (
    select refunds.*
    from {{ ref('stg_shopify__refunds') }} as refunds
    inner join dirty_keys
        on refunds.connection_id = dirty_keys.connection_id and refunds.order_id = dirty_keys.order_id
),

exploded as (
    select
        refunds.*,
        {{ json_elements('refunds.refund_lines') }} as line
    from refunds
),

typed as (
    select
        exploded.*,
        {{ id_of_gid(json_text('line', 'id')) }} as stated_line_id,
        {{ id_of_gid(json_text('line', 'lineItem.id')) }} as line_id,
        {{ json_number('line', 'quantity') }} as quantity,
        {{ json_text('line', 'restockType') }} as restock_type,
        {{ json_number('line', 'subtotalSet.shopMoney.amount') }} as subtotal_amount,
        coalesce({{ json_number('line', 'totalTaxSet.shopMoney.amount') }}, 0) as tax_amount
    from exploded
),

-- Older versions of the API give a refund's line no id of its own: the order's line tells it apart.
deduplicated as (
    select
        *,
        coalesce(nullif(stated_line_id, ''), line_id, '') as refund_line_id
    from typed
    qualify row_number() over (
        partition by connection_id, order_id, refund_id, coalesce(nullif(stated_line_id, ''), line_id)
        order by line
    ) = 1
),

renamed as (
    select
        -- ids
        organization_id,
        connection_id,
        platform,
        account_id,
        order_id,
        refund_id,
        refund_line_id,
        line_id,

        -- strings
        restock_type,
        currency_code,

        -- numbers
        quantity,

        -- money, in the shop's currency
        subtotal_amount,
        cast(tax_amount as decimal(24, 6)) as tax_amount,

        -- booleans
        is_tax_included,

        -- dates
        date_day,

        -- lineage
        _sync_id,
        _chunk_id,
        _synced_at
    from deduplicated
)

select * from renamed
