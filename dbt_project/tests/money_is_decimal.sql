-- Every column that holds an amount of money is DECIMAL; ratios of money (cpc, roas, ...) are not
-- amounts, nor are shares and the texts of what is not converted.

{{ config(meta={'dagster': {'ref': {'name': 'fact_campaign_performance'}}}) }}

select
    database_name,
    table_name,
    column_name,
    data_type
from duckdb_columns()
where
    database_name in ('build', 'serve')
    and schema_name = 'main'
    and regexp_matches(column_name, '(spend|value|budget|bid_amount|profit|revenue|exchange_rate|units_per_euro)')
    and not regexp_matches(column_name, '^(budget_id|budget_key|budget_type|budget_period|is_.*|unconverted_.*|revenue_per_.*|.*_share)$')
    and not starts_with(data_type, 'DECIMAL')
