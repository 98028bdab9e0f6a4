{{ config(materialized='table') }}

-- A table: to plan the SQL above it takes DuckDB longer than to run it, and the fact and the dimension would each do so.
-- What mail came to by day, of every platform, with what its money is converted by.

with

reported as (
    {{ union_of('email_day') }}
),

stats as (
    select * from reported
    union all by name
    select * from {{ ref('int_email_report_differences') }}
),

{{ with_reporting_rate('stats') }}

select * from converted
