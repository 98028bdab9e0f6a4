-- What is sold is a variant.

with

products as (
    select * from {{ ref('stg_shopify__products') }}
),

exploded as (
    select
        products.*,
        {{ json_elements('products.variants') }} as variant
    from products
),

typed as (
    select
        exploded.*,
        coalesce({{ json_text('variant', 'legacyResourceId') }}, {{ id_of_gid(json_text('variant', 'id')) }}, '') as variant_id
    from exploded
),

renamed as (
    select
        -- ids
        organization_id,
        connection_id,
        platform,
        account_id,
        product_id,
        variant_id,
        nullif({{ json_text('variant', 'sku') }}, '') as sku,

        -- strings
        product_name,
        {{ json_text('variant', 'title') }} as variant_name,
        category,
        product_type,
        vendor,
        currency_code,

        -- numbers
        {{ json_number('variant', 'price', 'decimal(18, 6)') }} as price,
        {{ json_number('variant', 'compareAtPrice', 'decimal(18, 6)') }} as compare_at_price,
        -- A cost in another currency than the prices' is none of ours.
        case
            when coalesce({{ json_text('variant', 'inventoryItem.unitCost.currencyCode') }}, currency_code) = currency_code
                then {{ json_number('variant', 'inventoryItem.unitCost.amount', 'decimal(18, 6)') }}
        end as unit_cost,
        {{ json_number('variant', 'inventoryQuantity', 'bigint') }} as inventory_quantity,

        -- booleans
        platform_status = 'ACTIVE' as is_active,

        -- times
        {{ json_instant('variant', 'updatedAt') }} as updated_at,

        -- lineage
        is_current_list,
        _sync_id,
        _synced_at
    from typed
    qualify row_number() over (
        partition by connection_id, _sync_id, product_id, variant_id
        order by variant
    ) = 1
)

select * from renamed
