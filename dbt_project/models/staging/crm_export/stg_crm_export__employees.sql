-- Who sells, each as the last list has them; who left keeps the row there.

with

source as (
    {{ last_listed_rows('crm_export', 'employees', ['employee_id'], values=['source_row', 'full_name', 'role', 'team']) }}
),

renamed as (
    select
        {{ of_account() }},
        employee_id,
        full_name as employee_name,
        role,
        team,
        manager_id,
        coalesce(is_active, left_on is null) as is_active,
        hired_on,
        left_on,
        is_removed,
        _sync_id,
        _synced_at
    from source
)

select * from renamed
