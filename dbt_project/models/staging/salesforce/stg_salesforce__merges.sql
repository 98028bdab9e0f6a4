-- Leads, contacts and accounts name the record that took them in. Leads that became one contact are one, too.

with

leads as (
    select
        leads.*,
        coalesce(leads.merged_into_id, people.lead_id) as present_lead_id
    from {{ ref('stg_salesforce__lead_records') }} as leads
    left join {{ ref('stg_salesforce__people') }} as people
        on leads.connection_id = people.connection_id and leads.converted_contact_id = people.contact_id
),

{% set taken = [('contact', 'lead_id', 'present_lead_id', 'leads'), ('company', 'company_id', 'merged_into_id', ref('stg_salesforce__accounts'))] %}
unioned as (
    {%- for type, id, into, rows in taken %}
    select
        {{ whose_record("'" ~ type ~ "' as record_type") }},
        {{ id }} as record_id,
        {{ into }} as merged_into_id,
        _sync_id
    from {{ rows }}
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

of_others as (
    select * from unioned
    where merged_into_id is not null and record_id <> merged_into_id
)

select * from of_others
