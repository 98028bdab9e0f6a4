{{ config(materialized='dirty_keys', key=['connection_id', 'contact_id'], order_by=['organization_id', 'connection_id', 'contact_id']) }}

{{ staged_records('salesforce', 'contacts', 'contact_id', ['email', 'master_record_id', 'is_deleted'], [
    'company_id', 'owner_id', 'email as email_token', 'lead_source as stated_source', 'country',
    'is_deleted as is_archived', 'master_record_id as merged_into_id', 'created_at', 'updated_at',
])
}}
