{{ config(materialized='table') }}

-- A table: to plan the SQL above it takes DuckDB longer than to run it, and the dimension would do so four times.
-- Partners, of every platform that has any.

{{ with_status('affiliate_list') }}
