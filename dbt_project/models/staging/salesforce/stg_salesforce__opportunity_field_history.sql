{{ config(materialized='dirty_keys', key=['connection_id', 'entry_id'], order_by=['organization_id', 'connection_id', 'entry_id']) }}

{{ staged_records('salesforce', 'opportunity_field_history', 'entry_id', ['field', 'old_value', 'new_value'], [
    'deal_id', 'field as field_name', 'old_value as changed_from', 'new_value as changed_to',
    'updated_at as changed_at',
])
}}
