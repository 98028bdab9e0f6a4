{{ config(materialized='table') }}

-- A table: to plan the SQL above it takes DuckDB longer than to run it, and the dimension would do so three times.
-- Who sells, of every platform and file that has them. One whom two files have is as the later of them says.

with

unioned as (
    {{ union_of('employee_list') }}
),

keyed as (
    select
        {{ employee_key('unioned') }} as employee_key,
        *
    from unioned
    qualify row_number() over (
        partition by {{ employee_key('unioned') }}
        order by is_removed, _synced_at desc, _sync_id desc, connection_id
    ) = 1
)

select * from keyed
