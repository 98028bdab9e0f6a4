{{ config(materialized='dirty_keys', key=['connection_id', 'company_id'], order_by=['organization_id', 'connection_id', 'company_id']) }}

{{ newest_of('salesforce', 'accounts', 'company_id', ['name', 'website', 'master_record_id']) }}

renamed as (
    select
        {{ of_account() }},
        record_id as company_id,
        name as company_name,
        website as domain,
        industry,
        country,
        owner_id,
        employees,
        is_deleted as is_archived,
        master_record_id as merged_into_id,
        created_at,
        updated_at,
        _sync_id,
        _synced_at
    from source
)

select * from renamed
