{{ config(materialized='dirty_keys', key=['connection_id', 'contact_id'], order_by=['organization_id', 'connection_id', 'contact_id']) }}

{{ newest_of('salesforce', 'contacts', 'contact_id', ['email', 'master_record_id', 'is_deleted']) }}

renamed as (
    select
        {{ of_account() }},
        record_id as contact_id,
        company_id,
        owner_id,
        email as email_token,
        lead_source as stated_source,
        country,
        is_deleted as is_archived,
        master_record_id as merged_into_id,
        created_at,
        updated_at,
        _sync_id,
        _synced_at
    from source
)

select * from renamed
