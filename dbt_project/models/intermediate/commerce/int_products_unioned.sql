-- One CTE per platform: its words on the left, ours on the right. What is sold is a variant; a file's
-- products have none.

with

shopify as (
    select
        variants.organization_id,
        variants.connection_id,
        variants.platform,
        variants.account_id,
        variants.product_id,
        coalesce(variants.variant_id, '') as variant_id,
        products.product_name,
        variants.variant_name,
        variants.sku,
        products.category,
        products.product_type,
        products.vendor,
        products.platform_status = 'ACTIVE' as is_active,
        variants.currency_code,
        variants.price,
        variants.compare_at_price,
        case when coalesce(variants.cost_currency, variants.currency_code) = variants.currency_code then variants.unit_cost end as unit_cost,
        false as is_removed,
        {{ unreported('timestamp with time zone') }} as version_at,
        variants._sync_id
    from {{ ref('stg_shopify__product_variants') }} as variants
    inner join {{ ref('stg_shopify__products') }} as products
        on
            variants.connection_id = products.connection_id
            and variants._sync_id = products._sync_id
            and variants.product_id = products.product_id
),

files as (
    select
        organization_id,
        connection_id,
        platform,
        account_id,
        product_id,
        '' as variant_id,
        product_name,
        {{ unreported('varchar') }} as variant_name,
        sku,
        category,
        product_type,
        {{ unreported('varchar') }} as vendor,
        is_active,
        currency_code,
        price,
        {{ unreported('decimal(18, 6)') }} as compare_at_price,
        unit_cost,
        is_deleted as is_removed,
        version_at,
        _sync_id
    from {{ ref('stg_files__products') }}
),

unioned as (
    select * from shopify
    union all
    select * from files
)

select * from unioned
