{{ config(materialized='dirty_keys', key=['connection_id', 'role_id'], order_by=['organization_id', 'connection_id', 'role_id']) }}

{{ newest_of('salesforce', 'opportunity_contact_roles', 'role_id', ['contact_id', 'is_deleted']) }}

renamed as (
    select
        {{ of_account() }},
        record_id as role_id,
        deal_id,
        contact_id,
        coalesce(is_primary, false) as is_primary,
        coalesce(is_deleted, false) as is_archived,
        _sync_id,
        _synced_at
    from source
)

select * from renamed
