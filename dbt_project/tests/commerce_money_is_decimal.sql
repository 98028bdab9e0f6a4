-- Every amount, price and cost is DECIMAL, from staging to the marts; texts of what is not converted and fingerprints are none.

{{ config(meta={'dagster': {'ref': {'name': 'fact_orders'}}}) }}

select
    database_name,
    table_name,
    column_name,
    data_type
from duckdb_columns()
where
    database_name in ('build', 'serve')
    and schema_name = 'main'
    and regexp_matches(column_name, '(_amount|_price|^price$|unit_cost|^refunds|^discounts|^tax|^shipping|revenue)')
    and not regexp_matches(column_name, '^(refund_lines|shipping_lines|is_.*|unconverted_.*|revenue_per_.*|.*_fingerprint)$')
    and not (table_name = 'stg_shopify__orders' and column_name = 'refunds')
    and not starts_with(data_type, 'DECIMAL')
