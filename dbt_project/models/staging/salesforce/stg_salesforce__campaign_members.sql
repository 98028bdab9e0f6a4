{{ config(materialized='dirty_keys', key=['connection_id', 'member_id'], order_by=['organization_id', 'connection_id', 'member_id']) }}

{{ staged_records('salesforce', 'campaign_members', 'member_id', ['campaign_id', 'status', 'is_deleted'], [
    'campaign_id as crm_campaign_id', 'lead_id', 'contact_id', 'status as member_status',
    'coalesce(has_responded, false) as has_responded', 'responded_date',
    'coalesce(is_deleted, false) as is_archived', 'created_at as joined_at',
    'cast(' ~ instant_to_local('created_at', 'account_time_zone') ~ ' as date) as date_day',
])
}}
