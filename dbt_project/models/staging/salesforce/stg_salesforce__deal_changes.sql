{{ config(materialized='table') }}

-- Each entry of a deal's history has its stage, amount and date; of owners another history has what changed, if it is kept: in two rows,
-- one with the names and one with the ids of users, which begin with 005. The record type that a deal had before is not known.

with

deals as (
    select * from {{ ref('stg_salesforce__opportunities') }}
),

history as (
    select * from {{ ref('stg_salesforce__opportunity_history') }}
    qualify row_number() over (partition by connection_id, deal_id, changed_at order by entry_id desc) = 1
),

owners as (
    select * from {{ ref('stg_salesforce__opportunity_field_history') }}
    where field_name = 'Owner' and changed_to like '005%'
    qualify row_number() over (partition by connection_id, deal_id, changed_at order by entry_id desc) = 1
),

beginnings as (
    select
        deals.*,
        coalesce(owners.changed_from, deals.owner_id) as first_owner_id
    from deals
    left join owners on deals.connection_id = owners.connection_id and deals.deal_id = owners.deal_id
    qualify row_number() over (partition by deals.connection_id, deals.deal_id order by owners.changed_at) = 1
),

{% set said = [
    ('history', 'changed_at', {'stage': 'stage_id', 'amount': 'amount', 'close': 'close_date'}),
    ('owners', 'changed_at', {'owner': 'changed_to'}),
    ('beginnings', 'created_at', {'owner': 'first_owner_id', 'pipeline': 'pipeline_id'}),
] %}
entries as (
    {%- for rows, at, values in said %}
    {%- set is_last = loop.last %}
    {%- for property, value in values.items() %}
    select
        {{ whose_record('deal_id') }},
        '{{ property }}' as property,
        cast({{ value }} as varchar) as property_value,
        {{ at }} as changed_at,
        _sync_id,
        _synced_at
    from {{ rows }}
    {{ "union all" if not (is_last and loop.last) }}
    {%- endfor %}
    {%- endfor %}
),

known_deals as (
    select entries.*
    from entries
    inner join deals on entries.connection_id = deals.connection_id and entries.deal_id = deals.deal_id
),

{{ known_of_entries('known_deals', 'deal_id', {
    'pipeline': ('pipeline_id', 'text'),
    'stage': ('stage_id', 'text'),
    'owner': ('owner_id', 'text'),
    'amount': ('amount', 'amount'),
    'close': ('close_date', 'day'),
})
}}
