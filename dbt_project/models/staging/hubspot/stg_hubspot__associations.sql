with

source as (
    {{ last_listed_rows('hubspot', 'associations', ['deal_id', 'object_type', 'object_id'], values=['is_primary']) }}
),

renamed as (
    select
        source._organization_id as organization_id,
        source._connection_id as connection_id,
        source.platform,
        source.account_id,
        source.deal_id,
        case source.object_type when 'companies' then 'company' else 'contact' end as linked_type,
        source.object_id as linked_id,
        source.is_primary,
        source._sync_id
    from source
    where not source.is_removed
)

select * from renamed
