{{ config(key=['connection_id', 'lead_id'], order_by=['organization_id', 'date_day', 'connection_id', 'lead_id']) }}

{% set said = ['stated_source', 'channel', 'attributed_platform', 'campaign_key', 'campaign_match', 'lifecycle_stage', 'lead_status', 'owner_id',
    'company_id', 'form_id', 'form_lead_id', 'created_at', 'lead_at', 'converted_at', 'customer_at', 'is_archived'] %}

with

dirty_keys as (
    {% call dirty_keys() %}
    select
        connection_id,
        contact_id as lead_id,
        {{ fingerprint(['organization_id', 'account_id', 'date_day', '_sync_id', '_synced_at'] + said) }} as fingerprint
    from {{ ref('int_leads_placed') }}
    {% endcall %}
),

leads as (
    select leads.*
    from {{ ref('int_leads_placed') }} as leads
    inner join dirty_keys on leads.connection_id = dirty_keys.connection_id and leads.contact_id = dirty_keys.lead_id
),

keyed as (
    select
        {{ entity_key(['contact_id'], 'leads') }} as lead_key,
{{ of_connection('leads') }},
        contact_id as lead_id,
        date_day,
        {{ date_key('date_day') }} as date_key,
        {%- for name in said %}
        {{ name }},
        {%- endfor %}
        converted_at is not null as is_converted,
        case when converted_at is not null then cast({{ seconds_between('lead_at', 'converted_at') }} as bigint) end as seconds_to_conversion,
        _sync_id,
        _synced_at
    from leads
)

select * from keyed
