{{ config(materialized='dirty_keys', key=['connection_id', 'company_id'], order_by=['organization_id', 'connection_id', 'company_id']) }}

{{ newest_of('hubspot', 'companies', 'company_id', ['name', 'domain', 'merged_ids']) }}

renamed as (
    select
        {{ of_account() }},
        record_id as company_id,
        name as company_name,
        domain,
        industry,
        country,
        owner_id,
        employees,
        is_archived,
        merged_ids,
        created_at,
        updated_at,
        _sync_id,
        _synced_at
    from source
)

select * from renamed
