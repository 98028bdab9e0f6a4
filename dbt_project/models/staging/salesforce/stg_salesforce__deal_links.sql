-- The lead of each contact of a deal, and its company. What is in the bin has no links.

with

deals as (
    select * from {{ ref('stg_salesforce__opportunities') }}
    where not is_archived
),

contacts as (
    select
        deals.organization_id,
        deals.connection_id,
        deals.platform,
        deals.account_id,
        deals.deal_id,
        'contact' as linked_type,
        coalesce(people.lead_id, people.present_contact_id) as linked_id,
        max(case when roles.is_primary then 1 else 0 end) = 1 as is_primary,
        max(roles._sync_id) as _sync_id
    from {{ ref('stg_salesforce__contact_roles') }} as roles
    inner join deals on roles.connection_id = deals.connection_id and roles.deal_id = deals.deal_id
    inner join {{ ref('stg_salesforce__people') }} as people
        on roles.connection_id = people.connection_id and roles.contact_id = people.contact_id
    where not roles.is_archived and not people.is_archived
    group by
        deals.organization_id, deals.connection_id, deals.platform, deals.account_id, deals.deal_id,
        coalesce(people.lead_id, people.present_contact_id)
),

companies as (
    select
        organization_id,
        connection_id,
        platform,
        account_id,
        deal_id,
        'company' as linked_type,
        company_id as linked_id,
        true as is_primary,
        _sync_id
    from deals
    where company_id is not null
),

unioned as (
    select * from contacts
    union all
    select * from companies
)

select * from unioned
