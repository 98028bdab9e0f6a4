{{ config(materialized='dirty_keys', key=['connection_id', 'company_id'], order_by=['organization_id', 'connection_id', 'company_id']) }}

{{ staged_records('salesforce', 'accounts', 'company_id', ['name', 'website', 'master_record_id'], [
    'name as company_name', 'website as domain', 'industry', 'country', 'owner_id', 'employees',
    'is_deleted as is_archived', 'master_record_id as merged_into_id', 'created_at', 'updated_at',
])
}}
