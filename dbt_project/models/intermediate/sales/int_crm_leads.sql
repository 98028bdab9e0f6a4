{{ config(materialized='table') }}

-- A table: several facts read it, and to plan the SQL above it takes longer than to run it.
-- Leads of every platform, without those that turned out to be another one. Who sent a lead form and is in a system for sales is
-- one lead, that system's; where it does not state what brought it, the form does. Who is in none is a lead by the first form.

{% set words = ['utm_source', 'utm_medium', 'utm_campaign', 'utm_term', 'utm_content', 'landing_campaign_id'] %}

with

contacts as (
    {{ union_of('crm_contact_list') }}
),

forms as (
    select * from {{ ref('int_lead_forms') }}
    where place = 1
),

leads as (
    select
        {% for name in level_columns('crm_contact_list') if name not in words -%}
        contacts.{{ name }},
        {% endfor -%}
        {% for name in words -%}
        case
            when coalesce(contacts.utm_source, contacts.utm_medium, contacts.utm_campaign) is null and forms.contact_id is not null
                then forms.{{ name }}
            else contacts.{{ name }}
        end as {{ name }},
        {% endfor -%}
        forms.form_id,
        forms.contact_id as form_lead_id
    from contacts
    left join {{ ref('int_crm_merges') }} as taken
        on
            contacts.connection_id = taken.connection_id
            and taken.record_type = 'contact'
            and contacts.contact_id = taken.record_id
    left join forms
        on
            contacts.organization_id = forms.organization_id
            and contacts.email_token = forms.email_token
            and forms.is_contact
    where contacts.lead_at is not null and taken.record_id is null
    union all by name
    select
        {{ of_connection('forms') }},
        contact_id,
        email_token,
        {%- for name in ['lead_status', 'stated_source', 'country', 'form_id', 'date_day', 'lead_at', 'updated_at', '_sync_id', '_synced_at'] + words %}
        {{ name }},
        {%- endfor %}
        contact_id as form_lead_id,
        'lead' as lifecycle_stage,
        lead_at as created_at,
        false as is_archived
    from forms
    where not is_contact
),

worded as (
    select
        *,
        {{ channel_words() }} as channel_words,
        {{ campaign_words() }} as campaign_words
    from leads
)

select * from worded
