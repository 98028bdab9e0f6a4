{{ config(materialized='table') }}

-- The history of a deal has its stage, amount and date in each entry; of owners another history has what changed, if it is kept.

with

deals as (
    select * from {{ ref('stg_salesforce__opportunities') }}
),

entries as (
    select * from {{ ref('stg_salesforce__opportunity_history') }}
    where changed_at is not null
    qualify row_number() over (partition by connection_id, deal_id, changed_at order by entry_id desc) = 1
),

-- An owner changes in two rows, one with the names and one with the ids of users, which begin with 005.
changed_owners as (
    select
        connection_id,
        deal_id,
        changed_at,
        changed_from as previous_owner_id,
        changed_to as owner_id
    from {{ ref('stg_salesforce__opportunity_field_history') }}
    where field_name = 'Owner' and changed_to like '005%' and changed_at is not null
    qualify row_number() over (partition by connection_id, deal_id, changed_at order by entry_id desc) = 1
),

first_owners as (
    select
        deals.connection_id,
        deals.deal_id,
        deals.created_at as changed_at,
        coalesce(changed_owners.previous_owner_id, deals.owner_id) as owner_id
    from deals
    left join changed_owners
        on deals.connection_id = changed_owners.connection_id and deals.deal_id = changed_owners.deal_id
    where deals.created_at is not null
    qualify row_number() over (partition by deals.connection_id, deals.deal_id order by changed_owners.changed_at) = 1
),

owners as (
    select connection_id, deal_id, changed_at, owner_id from changed_owners
    union all
    select first_owners.connection_id, first_owners.deal_id, first_owners.changed_at, first_owners.owner_id from first_owners
    left join changed_owners
        on
            first_owners.connection_id = changed_owners.connection_id
            and first_owners.deal_id = changed_owners.deal_id
            and first_owners.changed_at = changed_owners.changed_at
    where changed_owners.deal_id is null
),

instants as (
    select connection_id, deal_id, changed_at from entries
    union
    select connection_id, deal_id, changed_at from owners
),

-- The entry and the owner that were the last ones at each instant.
placed as (
    select
        instants.connection_id,
        instants.deal_id,
        instants.changed_at,
        max(entries.changed_at) over until_then as entry_at,
        max(owners.changed_at) over until_then as owner_at
    from instants
    left join entries
        on
            instants.connection_id = entries.connection_id
            and instants.deal_id = entries.deal_id
            and instants.changed_at = entries.changed_at
    left join owners
        on
            instants.connection_id = owners.connection_id
            and instants.deal_id = owners.deal_id
            and instants.changed_at = owners.changed_at
    window until_then as (
        partition by instants.connection_id, instants.deal_id
        order by instants.changed_at
        rows between unbounded preceding and current row
    )
),

known as (
    select
        deals.organization_id,
        deals.connection_id,
        deals.platform,
        deals.account_id,
        deals.deal_id,
        placed.changed_at,
        deals.pipeline_id,
        entries.stage_id,
        owners.owner_id,
        entries.amount,
        entries.close_date,
        coalesce(entries._sync_id, deals._sync_id) as _sync_id,
        coalesce(entries._synced_at, deals._synced_at) as _synced_at
    from placed
    inner join deals on placed.connection_id = deals.connection_id and placed.deal_id = deals.deal_id
    left join entries
        on
            placed.connection_id = entries.connection_id
            and placed.deal_id = entries.deal_id
            and placed.entry_at = entries.changed_at
    left join owners
        on
            placed.connection_id = owners.connection_id
            and placed.deal_id = owners.deal_id
            and placed.owner_at = owners.changed_at
)

select * from known
