-- A delta may be read after a newer one: what is older than a version already known changes nothing.

with

changes as (
    select * from {{ ref('int_product_list_changes') }}
),

running as (
    select
        *,
        max(version_at) over (
            partition by connection_id, product_id, variant_id
            order by fetch_started_at, sync_id
        ) as newest_version_at
    from changes
),

known as (
    select
        organization_id,
        connection_id,
        platform,
        account_id,
        product_id,
        variant_id,
        product_name,
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
        is_deleted or coalesce(is_removed, false) as is_deleted,
        {{ fingerprint([
            'product_name', 'variant_name', 'sku', 'category', 'product_type', 'vendor', 'is_active',
            'currency_code', 'price', 'compare_at_price', 'unit_cost',
        ]) }} as attributes_hash,
        sync_id,
        local_day,
        fetch_started_at
    from running
    where version_at is null or version_at >= newest_version_at
)

select * from known
