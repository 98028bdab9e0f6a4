{{ config(materialized='table') }}

-- Forms that were sent, with whom they are of: the leads of systems for sales that have the same address of mail, else whoever sent
-- the first form with that address, or with that number where a form has no address.

with

forms as (
    {{ union_of('lead_form_list') }}
),

contacts as (
    {{ union_of('crm_contact_list') }}
),

-- An address of somebody who turned out to be another one is an address of that one.
addresses as (
    select
        contacts.organization_id,
        contacts.email_token,
        min(leads.lead_at) as lead_at
    from contacts
    left join {{ ref('int_crm_merges') }} as taken
        on
            contacts.connection_id = taken.connection_id
            and taken.record_type = 'contact'
            and contacts.contact_id = taken.record_id
    inner join contacts as leads
        on
            contacts.connection_id = leads.connection_id
            and leads.contact_id = coalesce(taken.merged_into_id, contacts.contact_id)
    where contacts.email_token <> '' and leads.lead_at is not null
    group by contacts.organization_id, contacts.email_token
),

known as (
    select
        forms.*,
        addresses.email_token is not null as is_contact,
        row_number() over (
            partition by
                forms.organization_id,
                coalesce(
                    nullif(forms.email_token, ''), nullif(forms.phone_token, ''), {{ row_text(['forms.connection_id', 'forms.contact_id']) }}
                )
            order by forms.lead_at, forms.connection_id, forms.contact_id
        ) as place
    from forms
    left join addresses
        on
            forms.organization_id = addresses.organization_id
            and forms.email_token = addresses.email_token
)

select * from known
