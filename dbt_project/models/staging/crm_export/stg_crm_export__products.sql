-- What is sold, in each complete list; a product has no variants. An unknown kind is kept as it is written.

with

source as (
    {{ listed_rows('crm_export', 'products', ['product_id'], values=['updated_at', 'source_row', 'name', 'list_price']) }}
),

renamed as (
    select
        {{ of_account() }},
        product_id,
        '' as variant_id,
        sku,
        name as product_name,
        category,
        lower(kind) as product_type,
        coalesce(upper(currency), account_currency) as currency_code,
        {{ exact('list_price') }} as price,
        coalesce(active_from, list_day) <= list_day and coalesce(active_to, list_day) >= list_day as is_active,
        coalesce(is_deleted, 1 = 0) as is_removed,
        {{ of_list() }}
    from source
)

select * from renamed
