with

release_info as (
    select
        '{{ var("schema_version") }}' as schema_version,
        {{ as_of() }} as as_of,
        '{{ var("project_version") }}' as dbt_project_version
)

select * from release_info
