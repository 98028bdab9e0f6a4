{{ config(materialized='table') }}

-- A table: to plan the SQL above it takes DuckDB longer than to run it, and the dimension would do so four times.
-- What partners are paid for, of every platform that has any.

{{ with_status('offer_list') }}
