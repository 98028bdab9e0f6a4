{{ config(materialized='dirty_keys', key=['connection_id', 'role_id'], order_by=['organization_id', 'connection_id', 'role_id']) }}

{{ staged_records('salesforce', 'opportunity_contact_roles', 'role_id', ['contact_id', 'is_deleted'], [
    'deal_id', 'contact_id', 'coalesce(is_primary, false) as is_primary',
    'coalesce(is_deleted, false) as is_archived',
])
}}
