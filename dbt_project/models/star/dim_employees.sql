{{ config(key=['organization_id'], order_by=['organization_id', 'employee_key']) }}

with

sellers as (
    select
        organization_id,
        platform,
        min(connection_id) as connection_id,
        min(account_id) as account_id,
        employee_id,
        employee_key
    from {{ ref('fact_order_lines') }}
    where employee_key is not null
    group by organization_id, platform, employee_id, employee_key
),

listed as (
    select * from {{ ref('int_employees_unioned') }}
),

-- Who sells and is on no list is a member as well, so that no join loses a line.
unlisted as (
    select sellers.*
    from sellers
    left join listed on sellers.employee_key = listed.employee_key
    where listed.employee_key is null
),

dirty_keys as (
    {% call dirty_keys() %}
    select
        organization_id,
        {{ set_fingerprint(['source', 'content']) }} as fingerprint
    from (
        select
            organization_id,
            'list' as source,
            {{ row_text([
                'connection_id', 'employee_key', 'employee_name', 'role', 'team', 'manager_id', 'hired_on', 'left_on', 'is_active',
                'is_removed', '_sync_id',
            ]) }} as content
        from {{ ref('int_employees_unioned') }}
        union all
        select
            organization_id,
            'lines' as source,
            {{ row_text(['min(connection_id)', 'employee_key']) }} as content
        from {{ ref('fact_order_lines') }}
        where employee_key is not null
        group by organization_id, employee_key
    ) as members
    group by organization_id
    {% endcall %}
),

members as (
    select
        listed.employee_key,
        {{ of_connection('listed') }},
        listed.employee_id,
        coalesce(listed.employee_name, 'Unknown employee') as employee_name,
        listed.role,
        listed.team,
        case when listed.manager_id is not null then {{ employee_key('listed', 'manager_id') }} end as manager_key,
        listed.hired_on,
        listed.left_on,
        coalesce(listed.is_active, listed.left_on is null) and not coalesce(listed.is_removed, false) as is_active,
        coalesce(listed.is_removed, false) as is_deleted,
        false as is_inferred,
        listed._sync_id
    from listed
    inner join dirty_keys on listed.organization_id = dirty_keys.organization_id
    union all
    select
        unlisted.employee_key,
        {{ of_connection('unlisted') }},
        unlisted.employee_id,
        'Unknown employee' as employee_name,
        {{ unreported('varchar') }} as role,
        {{ unreported('varchar') }} as team,
        {{ unreported('varchar') }} as manager_key,
        {{ unreported('date') }} as hired_on,
        {{ unreported('date') }} as left_on,
        {{ unreported('boolean') }} as is_active,
        false as is_deleted,
        true as is_inferred,
        {{ unreported('varchar') }} as _sync_id
    from unlisted
    inner join dirty_keys on unlisted.organization_id = dirty_keys.organization_id
)

select * from members
