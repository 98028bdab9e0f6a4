{{ config(materialized='table') }}

-- Deals of every platform with their stage, owner, company, first lead and the rate that their amount is converted by: that of the day
-- on which they closed, or were made while they are open.

with

listed as (
    {{ union_of('crm_deal_list') }}
),

links as (
    {{ union_of('crm_deal_link') }}
),

companies as (
    {{ union_of('crm_company_list') }}
),

owners as (
    {{ union_of('crm_owner_list') }}
),

stages as (
    {{ union_of('crm_stage_list') }}
),

taken as (
    select * from {{ ref('int_crm_merges') }}
),

deals as (
    select listed.*
    from listed
    left join taken
        on
            listed.connection_id = taken.connection_id
            and taken.record_type = 'deal'
            and listed.deal_id = taken.record_id
    where taken.record_id is null
),

present_links as (
    select
        links.connection_id,
        links.deal_id,
        links.linked_type,
        links.is_primary,
        coalesce(taken.merged_into_id, links.linked_id) as linked_id
    from links
    left join taken
        on
            links.connection_id = taken.connection_id
            and links.linked_type = taken.record_type
            and links.linked_id = taken.record_id
),

first_leads as (
    select
        present_links.connection_id,
        present_links.deal_id,
        leads.contact_id as lead_id
    from present_links
    inner join {{ ref('int_crm_leads') }} as leads
        on present_links.connection_id = leads.connection_id and present_links.linked_id = leads.contact_id
    where present_links.linked_type = 'contact'
    qualify row_number() over (
        partition by present_links.connection_id, present_links.deal_id
        order by leads.lead_at, leads.contact_id
    ) = 1
),

first_companies as (
    select
        connection_id,
        deal_id,
        linked_id as company_id
    from present_links
    where linked_type = 'company'
    qualify row_number() over (
        partition by connection_id, deal_id
        order by coalesce(is_primary, false) desc, linked_id
    ) = 1
),

stays as (
    select
        connection_id,
        deal_id,
        count(*) as stays,
        sum(case when is_back then 1 else 0 end) as moves_back,
        min(entered_at) as first_entered_at,
        max(entered_at) as last_entered_at,
        max(case when left_at is null and outcome <> 'open' then entered_at end) as closed_at,
        {{ json_rows({'stage_id': 'stage_id', 'stage': 'stage_name', 'entered_at': 'cast(entered_at as varchar)'}, ['stay_number']) }} as stage_dates
    from {{ ref('int_crm_deal_stays') }}
    group by connection_id, deal_id
),

placed as (
    select
        deals.*,
        coalesce(stages.stage_name, deals.stage_id) as stage_name,
        coalesce(stages.pipeline_name, deals.pipeline_id) as pipeline_name,
        stages.stage_order,
        stages.probability,
        owners.owner_name,
        first_companies.company_id,
        companies.company_name,
        companies.industry,
        companies.country,
        first_leads.lead_id,
        coalesce(stays.stays, 0) as stays,
        coalesce(stays.moves_back, 0) as moves_back,
        stays.last_entered_at,
        stays.stage_dates,
        case when deals.outcome <> 'open' then stays.closed_at end as closed_at
    from deals
    left join stages
        on
            deals.connection_id = stages.connection_id
            and deals.pipeline_id = stages.pipeline_id
            and deals.stage_id = stages.stage_id
    left join owners on deals.connection_id = owners.connection_id and deals.owner_id = owners.owner_id
    left join first_leads on deals.connection_id = first_leads.connection_id and deals.deal_id = first_leads.deal_id
    left join first_companies on deals.connection_id = first_companies.connection_id and deals.deal_id = first_companies.deal_id
    left join companies
        on first_companies.connection_id = companies.connection_id and first_companies.company_id = companies.company_id
    left join stays on deals.connection_id = stays.connection_id and deals.deal_id = stays.deal_id
),

-- Of a deal without a history the day on which it closed is the one that it states.
with_days as (
    select
        * exclude (date_day),
        date_day as created_day,
        case
            when outcome <> 'open'
                then coalesce(cast({{ instant_to_local('closed_at', "coalesce(account_time_zone, 'UTC')") }} as date), close_date)
        end as closed_day
    from placed
),

dated as (
    select
        *,
        coalesce(closed_day, created_day) as date_day
    from with_days
),

{{ with_reporting_rate('dated') }}

select * from converted
