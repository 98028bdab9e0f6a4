{{ config(materialized='dirty_keys', key=['connection_id', 'entry_id'], order_by=['organization_id', 'connection_id', 'entry_id']) }}

{{ staged_records('salesforce', 'opportunity_history', 'entry_id', ['stage_id', 'amount', 'close_date'], [
    'deal_id', 'stage_id', 'try_cast(amount as decimal(24, 6)) as amount', 'close_date', 'created_at as changed_at',
])
}}
