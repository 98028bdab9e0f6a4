{{ config(materialized='dirty_keys', key=['connection_id', 'lead_id'], order_by=['organization_id', 'connection_id', 'lead_id']) }}

{{ newest_of('salesforce', 'leads', 'lead_id', ['status', 'converted_contact_id', 'master_record_id', 'is_deleted']) }}

renamed as (
    select
        {{ of_account() }},
        record_id as lead_id,
        owner_id,
        status as lead_status,
        lead_source as stated_source,
        country,
        utm_source,
        utm_medium,
        utm_campaign,
        utm_term,
        utm_content,
        is_deleted as is_archived,
        master_record_id as merged_into_id,
        coalesce(is_converted, false) as is_contact,
        converted_date,
        converted_company_id,
        converted_contact_id,
        converted_deal_id,
        created_at,
        cast({{ instant_to_local('created_at', 'account_time_zone') }} as date) as date_day,
        updated_at,
        _sync_id,
        _synced_at
    from source
)

select * from renamed
