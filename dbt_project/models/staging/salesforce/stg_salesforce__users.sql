with

source as (
    {{ last_listed_rows('salesforce', 'users', ['owner_id'], values=['name', 'updated_at']) }}
),

renamed as (
    select
        source._organization_id as organization_id,
        source._connection_id as connection_id,
        source.platform,
        source.account_id,
        source.owner_id,
        source.name as owner_name,
        coalesce(source.is_active, true) and not source.is_removed as is_active,
        source._sync_id
    from source
)

select * from renamed
