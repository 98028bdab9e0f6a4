-- Employees, each of the last file that has them. A file of changes is a list that deletes nothing.

with

source as (
    {{ last_listed_rows('files', 'employees', ['employee_id'], values=['updated_at', 'source_row', 'name', 'role', 'team']) }}
),

renamed as (
    select
        {{ of_account() }},
        employee_id,
        name as employee_name,
        role,
        team,
        manager_id,
        coalesce(is_active, left_on is null) as is_active,
        hired_on,
        left_on,
        is_removed or coalesce(is_deleted, 1 = 0) as is_removed,
        _sync_id,
        _synced_at
    from source
)

select * from renamed
