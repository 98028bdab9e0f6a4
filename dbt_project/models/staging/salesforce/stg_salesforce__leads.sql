{{ config(materialized='table') }}

-- A lead became an opportunity when the first opportunity of its contact was made, and a customer when the first of them was won. What
-- comes while a contact is in the bin concerns it once it is restored.

with

leads as (
    select * from {{ ref('stg_salesforce__lead_records') }}
),

people as (
    select * from {{ ref('stg_salesforce__people') }}
),

deals as (
    select * from {{ ref('stg_salesforce__opportunities') }}
),

entered as (
    select
        connection_id,
        deal_id,
        changed_at
    from {{ ref('stg_salesforce__deal_changes') }}
    qualify
        row_number() over (partition by connection_id, deal_id order by changed_at) = 1
        or stage_id is distinct from lag(stage_id) over (partition by connection_id, deal_id order by changed_at)
),

closed as (
    select
        entered.connection_id,
        entered.deal_id,
        max(entered.changed_at) as closed_at
    from entered
    inner join deals on entered.connection_id = deals.connection_id and entered.deal_id = deals.deal_id
    where deals.outcome = 'won'
    group by entered.connection_id, entered.deal_id
),

-- The contacts of deals, those too that a deal has lost since.
roles as (
    select
        people.connection_id,
        people.present_contact_id,
        deals.created_at,
        case when people.archived_at is null or closed.closed_at <= people.archived_at then closed.closed_at end as won_at
    from {{ ref('stg_salesforce__contact_roles') }} as roles
    inner join people on roles.connection_id = people.connection_id and roles.contact_id = people.contact_id
    inner join deals on roles.connection_id = deals.connection_id and roles.deal_id = deals.deal_id
    left join closed on roles.connection_id = closed.connection_id and roles.deal_id = closed.deal_id
),

firsts as (
    select
        connection_id,
        present_contact_id,
        min(created_at) as deal_at,
        min(won_at) as won_at
    from roles
    group by connection_id, present_contact_id
),

joined as (
    select
        leads.organization_id,
        leads.connection_id,
        leads.platform,
        leads.account_id,
        leads.lead_id as contact_id,
        leads.email_token,
        coalesce(people.company_id, leads.converted_company_id) as company_id,
        leads.owner_id,
        leads.lead_status,
        case
            when firsts.won_at is not null then 'customer'
            when coalesce(firsts.deal_at, converted.created_at) is not null then 'opportunity'
            when leads.is_contact then 'contact'
            else 'lead'
        end as lifecycle_stage,
        leads.stated_source,
        leads.country,
        leads.utm_source,
        leads.utm_medium,
        leads.utm_campaign,
        leads.utm_term,
        leads.utm_content,
        coalesce(people.is_archived, leads.is_archived, false) as is_archived,
        leads.created_at,
        leads.created_at as lead_at,
        coalesce(firsts.deal_at, converted.created_at) as converted_at,
        firsts.won_at as customer_at,
        leads.date_day,
        leads.updated_at,
        leads._sync_id,
        leads._synced_at
    from leads
    left join people
        on leads.connection_id = people.connection_id and leads.converted_contact_id = people.contact_id
    left join firsts
        on people.connection_id = firsts.connection_id and people.present_contact_id = firsts.present_contact_id
    left join deals as converted
        on leads.connection_id = converted.connection_id and leads.converted_deal_id = converted.deal_id
)

select * from joined
