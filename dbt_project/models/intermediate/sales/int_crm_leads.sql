{{ config(materialized='table') }}

-- A table: several facts read it, and to plan the SQL above it takes longer than to run it.
-- Leads of every platform, without those that turned out to be another one.

with

contacts as (
    {{ union_of('crm_contact_list') }}
),

leads as (
    select contacts.*
    from contacts
    left join {{ ref('int_crm_merges') }} as taken
        on
            contacts.connection_id = taken.connection_id
            and taken.record_type = 'contact'
            and contacts.contact_id = taken.record_id
    where contacts.lead_at is not null and taken.record_id is null
),

worded as (
    select
        *,
        {{ channel_words() }} as channel_words,
        {{ campaign_words() }} as campaign_words
    from leads
)

select * from worded
