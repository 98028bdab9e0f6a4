{{ config(
    key=['organization_id', 'connection_id'],
    order_by=['organization_id', 'connection_id', 'product_key', 'valid_from'],
) }}


with

dirty_keys as (
    {% call dirty_keys() %}
    select
        organization_id,
        connection_id,
        {{ set_fingerprint(['source', 'content']) }} as fingerprint
    from (
        select organization_id, connection_id, 'lists' as source, fingerprint as content
        from {{ state_of('int_product_versions') }}
        union all
        select
            organization_id,
            connection_id,
            'lines' as source,
            {{ row_text(['product_key', 'sku', 'product_name']) }} as content
        from ({{ unlisted_products() }}) as unlisted
    ) as members
    group by organization_id, connection_id
    {% endcall %}
),

listed as (
    select versions.*
    from {{ ref('int_product_versions') }} as versions
    inner join dirty_keys
        on
            versions.organization_id = dirty_keys.organization_id
            and versions.connection_id = dirty_keys.connection_id
),

-- What lines show and no list has is a member of its own, so that no join loses it.
inferred as (
    select unlisted.*
    from ({{ unlisted_products() }}) as unlisted
    inner join dirty_keys
        on
            unlisted.organization_id = dirty_keys.organization_id
            and unlisted.connection_id = dirty_keys.connection_id
),

unioned as (
    select
        product_key,
        organization_id,
        platform,
        connection_id,
        account_id,
        nullif(product_id, '') as product_id,
        nullif(variant_id, '') as variant_id,
        coalesce(product_name, 'Unknown product') as product_name,
        variant_name,
        sku,
        category,
        product_type,
        vendor,
        is_active,
        currency_code,
        price,
        compare_at_price,
        unit_cost,
        valid_from,
        valid_to,
        is_current,
        is_backfilled,
        is_deleted,
        false as is_inferred,
        _sync_id
    from listed
    union all
    select
        product_key,
        organization_id,
        platform,
        connection_id,
        account_id,
        product_id,
        variant_id,
        case when product_id is null then 'Unknown product' else coalesce(product_name, 'Unknown product') end as product_name,
        {{ unreported('varchar') }} as variant_name,
        case when product_id is not null then sku end as sku,
        {{ unreported('varchar') }} as category,
        {{ unreported('varchar') }} as product_type,
        {{ unreported('varchar') }} as vendor,
        {{ unreported('boolean') }} as is_active,
        {{ unreported('varchar') }} as currency_code,
        {{ unreported('decimal(18, 6)') }} as price,
        {{ unreported('decimal(18, 6)') }} as compare_at_price,
        {{ unreported('decimal(18, 6)') }} as unit_cost,
        cast('1900-01-01' as date) as valid_from,
        cast('9999-12-31' as date) as valid_to,
        true as is_current,
        true as is_backfilled,
        false as is_deleted,
        true as is_inferred,
        {{ unreported('varchar') }} as _sync_id
    from inferred
),

keyed as (
    select
        {{ surrogate_key(['product_key', 'valid_from']) }} as product_version_key,
        unioned.*
    from unioned
)

select * from keyed
