-- What is sold: the variations of a variable product, any other product itself. What a variation does not say is its product's.

with

source as (
    {{ listed_rows('woocommerce', 'products', ['product_id'], values=['updated_at', 'title', 'status', 'price', 'variants']) }}
),

sold as (
    select
        source.*,
        {{ json_elements("coalesce(nullif(source.variants, '[]'), '[{}]')") }} as variant
    from source
),

renamed as (
    select
        {{ of_account() }},
        product_id,
        coalesce({{ json_text('variant', 'id') }}, '') as variant_id,
        title as product_name,
        {{ json_text('variant', 'name') }} as variant_name,
        coalesce(nullif({{ json_text('variant', 'sku') }}, ''), nullif(sku, '')) as sku,
        {{ json_text(first_of_json_list('categories'), 'name') }} as category,
        product_type,
        currency_code,
        try_cast(coalesce({{ json_text('variant', 'price') }}, price) as decimal(18, 6)) as price,
        try_cast(coalesce({{ json_text('variant', 'regular_price') }}, regular_price) as decimal(18, 6)) as regular_price,
        status = 'publish' and coalesce({{ json_text('variant', 'status') }}, 'publish') = 'publish' as is_active,
        {{ of_list() }}
    from sold
    qualify row_number() over (
        partition by connection_id, _sync_id, product_id, variant_id
        order by variant
    ) = 1
),

-- On sale a price is below the regular one, which is crossed out then.
priced as (
    select
        * exclude (regular_price),
        case when regular_price > price then regular_price end as compare_at_price
    from renamed
)

select * from priced
