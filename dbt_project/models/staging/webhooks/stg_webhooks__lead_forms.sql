{{ config(materialized='dirty_keys', key=['connection_id', 'record_id'], order_by=['organization_id', 'connection_id', 'record_id']) }}

-- Lead forms of ads: who sent one is a token.

with

dirty_keys as (
    {% call dirty_keys() %}
    {{ newest_record_fingerprints('webhooks', 'lead_forms', 'record_id') }}
    {% endcall %}
),

source as (
    {{ newest_rows('webhooks', 'lead_forms', 'record_id', values=['topic', 'object_id', 'happened_at']) }}
),

renamed as (
    select
        -- ids
        _organization_id as organization_id,
        _connection_id as connection_id,
        platform,
        account_id,
        record_id,
        object_id,
        lead_id,
        form_id,
        campaign_id,
        adgroup_id as ad_group_id,
        creative_id as ad_id,
        asset_group_id,
        gcl_id as click_id,

        -- strings
        sender,
        topic,
        lead_stage,
        lead_source,
        coalesce(email, work_email) as email_token,
        phone_number as phone_token,
        city,
        region,
        country,
        company_name,
        job_title,

        -- booleans
        coalesce(is_test, false) as is_test,

        -- times
        happened_at,
        updated_at as received_at,
        account_time_zone,

        -- lineage
        _sync_id,
        _chunk_id,
        _synced_at
    from source
)

select * from renamed
