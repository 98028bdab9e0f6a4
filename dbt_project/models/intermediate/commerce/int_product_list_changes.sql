{{ config(materialized='dirty_keys', key=['connection_id', 'sync_id']) }}

{{ list_changes(
    unioned='int_products_unioned',
    level='product_list',
    entity=['product_id', 'variant_id'],
    attributes=[
        'product_name',
        'variant_name',
        'sku',
        'category',
        'product_type',
        'vendor',
        'is_active',
        'currency_code',
        'price',
        'compare_at_price',
        'unit_cost',
        'is_removed',
        'version_at',
    ],
) }}
