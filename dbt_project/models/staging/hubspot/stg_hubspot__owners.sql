with

source as (
    {{ last_listed_rows('hubspot', 'owners', ['owner_id'], values=['first_name', 'last_name', 'updated_at']) }}
),

renamed as (
    select
        source._organization_id as organization_id,
        source._connection_id as connection_id,
        source.platform,
        source.account_id,
        source.owner_id,
        nullif(trim(concat(coalesce(source.first_name, ''), ' ', coalesce(source.last_name, ''))), '') as owner_name,
        not coalesce(source.is_archived, false) and not source.is_removed as is_active,
        source._sync_id
    from source
)

select * from renamed
