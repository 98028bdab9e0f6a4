-- What is sold: the variations of a variable product, any other product itself.

with

source as (
    {{ listed_rows('woocommerce', 'products', ['product_id'], values=['updated_at', 'title', 'status', 'price', 'variants']) }}
),

variations as (
    select
        source.*,
        {{ json_elements('source.variants') }} as variant
    from source
),

sold as (
    select
        *,
        coalesce({{ json_text('variant', 'id') }}, '') as variant_id,
        {{ json_text('variant', 'name') }} as variant_name,
        {{ json_text('variant', 'sku') }} as variant_sku,
        {{ json_text('variant', 'price') }} as stated_price,
        {{ json_text('variant', 'regular_price') }} as stated_regular_price,
        coalesce({{ json_text('variant', 'status') }}, 'publish') as variant_status
    from variations
    union all by name
    select
        *,
        '' as variant_id,
        sku as variant_sku,
        price as stated_price,
        regular_price as stated_regular_price,
        'publish' as variant_status
    from source
    where coalesce(variants, '[]') = '[]'
),

renamed as (
    select
        {{ of_account() }},
        product_id,
        variant_id,
        title as product_name,
        variant_name,
        nullif(variant_sku, '') as sku,
        {{ json_text(first_of_json_list('categories'), 'name') }} as category,
        product_type,
        currency_code,
        try_cast(stated_price as decimal(18, 6)) as price,
        -- Before a sale: the price that is crossed out.
        case when try_cast(stated_regular_price as decimal(18, 6)) > try_cast(stated_price as decimal(18, 6)) then try_cast(stated_regular_price as decimal(18, 6)) end as compare_at_price,
        status = 'publish' and variant_status = 'publish' as is_active,
        {{ of_list() }}
    from sold
    qualify row_number() over (
        partition by connection_id, _sync_id, product_id, variant_id
        order by stated_price, variant_name
    ) = 1
)

select * from renamed
