-- Of a connection whose files are deltas every file is a list that deletes nothing. A file's products have no
-- variants.

with

source as (
    {{ listed_rows('files', 'products', ['product_id'], values=[
        'updated_at', 'source_row', 'name', 'price', 'unit_cost', 'is_active',
    ]) }}
),

renamed as (
    select
        -- ids
        _organization_id as organization_id,
        _connection_id as connection_id,
        platform,
        account_id,
        product_id,
        '' as variant_id,
        nullif(sku, '') as sku,

        -- strings
        name as product_name,
        category,
        product_type,
        coalesce(nullif(currency_code, ''), account_currency) as currency_code,

        -- numbers
        {{ exact('price') }} as price,
        {{ exact('unit_cost') }} as unit_cost,
        source_row,

        -- booleans
        is_active,
        coalesce(is_deleted, false) as is_removed,

        -- times
        created_at,
        updated_at,
        case when list_kind = 'changes' then updated_at end as version_at,

        -- lineage
        is_current_list,
        _sync_id,
        _synced_at
    from source
)

select * from renamed
