-- Leads, contacts and accounts name the record that took them in. Leads that became one contact are one, too.

with

leads as (
    select * from {{ ref('stg_salesforce__lead_records') }}
),

named as (
    select
        organization_id,
        connection_id,
        platform,
        account_id,
        'contact' as record_type,
        lead_id as record_id,
        merged_into_id,
        _sync_id
    from leads
    where merged_into_id is not null
),

became_one as (
    select
        leads.organization_id,
        leads.connection_id,
        leads.platform,
        leads.account_id,
        'contact' as record_type,
        leads.lead_id as record_id,
        people.lead_id as merged_into_id,
        greatest(leads._sync_id, people._sync_id) as _sync_id
    from leads
    inner join {{ ref('stg_salesforce__people') }} as people
        on leads.connection_id = people.connection_id and leads.converted_contact_id = people.contact_id
    where people.lead_id is not null and leads.merged_into_id is null
),

companies as (
    select
        organization_id,
        connection_id,
        platform,
        account_id,
        'company' as record_type,
        company_id as record_id,
        merged_into_id,
        _sync_id
    from {{ ref('stg_salesforce__accounts') }}
    where merged_into_id is not null
),

unioned as (
    select * from named
    union all
    select * from became_one
    union all
    select * from companies
),

of_others as (
    select * from unioned
    where record_id <> merged_into_id
)

select * from of_others
