{{ config(materialized='dirty_keys', key=['connection_id', 'order_id'], order_by=['organization_id', 'date_day', 'connection_id', 'order_id', 'sale_id']) }}

-- The shop's ledger of an order: what was sold and taken back, each on the day on which it happened.

with

dirty_keys as (
    {% call dirty_keys() %}
    select connection_id, order_id, fingerprint from {{ state_of('stg_shopify__orders') }}
    {% endcall %}
),

orders as (
    select orders.*
    from {{ ref('stg_shopify__orders') }} as orders
    inner join dirty_keys
        on orders.connection_id = dirty_keys.connection_id and orders.order_id = dirty_keys.order_id
),

agreements as (
    select
        orders.*,
        {{ json_elements('orders.agreements') }} as agreement
    from orders
),

sales as (
    select
        agreements.*,
        {{ json_elements(json_list('agreement', 'sales.nodes')) }} as sale
    from agreements
),

typed as (
    select
        organization_id,
        connection_id,
        platform,
        account_id,
        order_id,
        {{ id_of_gid(json_text('agreement', 'id')) }} as agreement_id,
        coalesce({{ id_of_gid(json_text('sale', 'id')) }}, '') as sale_id,
        nullif({{ id_of_gid(json_text('agreement', 'refund.id')) }}, '') as refund_id,
        nullif({{ id_of_gid(json_text('sale', 'lineItem.id')) }}, '') as line_id,
        {{ json_text('agreement', 'reason') }} as agreement_reason,
        {{ json_text('sale', 'actionType') }} as sale_action,
        {{ json_text('sale', 'lineType') }} as sale_line_type,
        currency_code,
        is_tax_included,
        time_zone,
        {{ json_instant('agreement', 'happenedAt') }} as happened_at,
        coalesce({{ json_number('sale', 'quantity') }}, 0) as quantity,
        coalesce({{ json_number('sale', 'totalAmount.shopMoney.amount') }}, 0) as total_amount,
        coalesce({{ json_number('sale', 'totalTaxAmount.shopMoney.amount') }}, 0) as tax_amount,
        _sync_id,
        _chunk_id,
        _synced_at
    from sales
),

renamed as (
    select
        -- ids
        organization_id,
        connection_id,
        platform,
        account_id,
        order_id,
        agreement_id,
        sale_id,
        refund_id,
        line_id,

        -- strings
        agreement_reason,
        sale_action,
        sale_line_type,
        currency_code,

        -- numbers and money, in the shop's currency; what was taken back is negative
        quantity,
        total_amount,
        tax_amount,

        -- booleans
        is_tax_included,

        -- times
        happened_at,
        cast({{ instant_to_local('happened_at', 'time_zone') }} as date) as date_day,
        cast(hour({{ instant_to_local('happened_at', 'time_zone') }}) as integer) as local_hour,

        -- lineage
        _sync_id,
        _chunk_id,
        _synced_at
    from typed
    where happened_at is not null
    qualify row_number() over (
        partition by connection_id, order_id, sale_id
        order by agreement_id
    ) = 1
)

select * from renamed
