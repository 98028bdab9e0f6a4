{{ config(materialized='table') }}

-- What was known of a deal between two instants. A change that changes nothing here makes no version.

{% set known = ['pipeline_id', 'stage_id', 'owner_id', 'amount', 'close_date'] %}

with

changes as (
    {{ union_of('crm_deal_change') }}
),

distinguished as (
    select *
    from changes
    qualify
        row_number() over (partition by connection_id, deal_id order by changed_at) = 1
        {%- for name in known %}
        or {{ name }} is distinct from lag({{ name }}) over (partition by connection_id, deal_id order by changed_at)
        {%- endfor %}
),

versions as (
    select
        organization_id,
        connection_id,
        platform,
        account_id,
        deal_id,
        changed_at as valid_from_at,
        lead(changed_at) over (partition by connection_id, deal_id order by changed_at) as valid_to_at,
        {%- for name in known %}
        {{ name }},
        {%- endfor %}
        _sync_id,
        _synced_at
    from distinguished
)

select * from versions
