{{ config(materialized='dirty_keys', key=['connection_id', 'lead_id'], order_by=['organization_id', 'connection_id', 'lead_id']) }}

{{ staged_records('salesforce', 'leads', 'lead_id', ['status', 'converted_contact_id', 'master_record_id', 'is_deleted'], [
    'owner_id', 'email as email_token', 'status as lead_status', 'lead_source as stated_source', 'country', 'utm_source', 'utm_medium',
    'utm_campaign', 'utm_term', 'utm_content', 'is_deleted as is_archived', 'master_record_id as merged_into_id',
    'coalesce(is_converted, false) as is_contact', 'converted_date', 'converted_company_id', 'converted_contact_id',
    'converted_deal_id', 'created_at',
    'cast(' ~ instant_to_local('created_at', 'account_time_zone') ~ ' as date) as date_day', 'updated_at',
])
}}
