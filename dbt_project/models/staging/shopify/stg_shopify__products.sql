with

source as (
    {{ listed_rows('shopify', 'products', ['product_id'], values=[
        'updated_at', 'title', 'status', 'vendor', 'product_type', 'variants',
    ]) }}
),

-- What earlier versions of the connector did not ask for.
completed as (
    {{ with_columns('source', {'category': 'varchar'}) }}
),

renamed as (
    select
        -- ids
        _organization_id as organization_id,
        _connection_id as connection_id,
        platform,
        account_id,
        product_id,

        -- strings
        title as product_name,
        handle,
        status as platform_status,
        vendor,
        product_type,
        category,
        tags,
        currency_code,

        -- numbers
        total_inventory,

        -- times
        created_at,
        updated_at,
        published_at,

        -- lists, exploded by stg_shopify__product_variants
        variants,

        -- lineage
        is_current_list,
        _sync_id,
        _synced_at
    from completed
)

select * from renamed
