{{ config(materialized='table') }}

-- Each contact with the one that it is now, at the end of a chain of merges, and the lead that stands for both: the one that became
-- that contact first. Others that were converted into it later are the same person.

with recursive

contacts as (
    select * from {{ ref('stg_salesforce__contacts') }}
),

followed as (
    select
        connection_id,
        contact_id,
        contact_id as present_contact_id,
        0 as steps
    from contacts
    union all
    select
        followed.connection_id,
        followed.contact_id,
        contacts.merged_into_id as present_contact_id,
        followed.steps + 1 as steps
    from followed
    inner join contacts
        on followed.connection_id = contacts.connection_id and followed.present_contact_id = contacts.contact_id
    where contacts.merged_into_id is not null and followed.steps < 20
),

ends as (
    select
        connection_id,
        contact_id,
        present_contact_id
    from followed
    qualify row_number() over (partition by connection_id, contact_id order by steps desc) = 1
),

first_leads as (
    select
        ends.connection_id,
        ends.present_contact_id,
        leads.lead_id
    from ends
    inner join {{ ref('stg_salesforce__lead_records') }} as leads
        on ends.connection_id = leads.connection_id and ends.contact_id = leads.converted_contact_id
    qualify row_number() over (
        partition by ends.connection_id, ends.present_contact_id
        order by
            case when leads.converted_contact_id = ends.present_contact_id then 0 else 1 end,
            leads.converted_date,
            case when leads.converted_deal_id is null then 1 else 0 end,
            leads.created_at,
            leads.lead_id
    ) = 1
),

people as (
    select
        contacts.organization_id,
        contacts.connection_id,
        contacts.platform,
        contacts.account_id,
        contacts.contact_id,
        ends.present_contact_id,
        first_leads.lead_id,
        present.company_id,
        coalesce(present.is_archived, false) as is_archived,
        case when present.is_archived then present.updated_at end as archived_at,
        greatest(contacts._sync_id, coalesce(present._sync_id, contacts._sync_id)) as _sync_id
    from contacts
    inner join ends on contacts.connection_id = ends.connection_id and contacts.contact_id = ends.contact_id
    left join contacts as present
        on ends.connection_id = present.connection_id and ends.present_contact_id = present.contact_id
    left join first_leads
        on ends.connection_id = first_leads.connection_id and ends.present_contact_id = first_leads.present_contact_id
)

select * from people
