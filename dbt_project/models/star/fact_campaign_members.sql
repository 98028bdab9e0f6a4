{{ config(key=['connection_id', 'member_id'], order_by=['organization_id', 'date_day', 'connection_id', 'member_id']) }}

{% set said = ['crm_campaign_id', 'crm_campaign_name', 'crm_campaign_type', 'member_status', 'has_responded', 'responded_date', 'joined_at', 'is_archived'] %}

{% set placed %}
select
    members.*,
    coalesce(taken.merged_into_id, members.lead_id) as present_lead_id,
    campaigns.crm_campaign_name,
    campaigns.crm_campaign_type
from ({{ union_of('crm_campaign_member') }}) as members
left join ({{ union_of('crm_campaign_list') }}) as campaigns
    on members.connection_id = campaigns.connection_id and members.crm_campaign_id = campaigns.crm_campaign_id
left join {{ ref('int_crm_merges') }} as taken
    on
        members.connection_id = taken.connection_id
        and taken.record_type = 'contact'
        and members.lead_id = taken.record_id
{% endset %}

with

dirty_keys as (
    {% call dirty_keys() %}
    select
        connection_id,
        member_id,
        {{ fingerprint(['organization_id', 'account_id', 'date_day', 'present_lead_id', '_sync_id', '_synced_at'] + said) }} as fingerprint
    from ({{ placed }}) as placed
    {% endcall %}
),

members as (
    select placed.*
    from ({{ placed }}) as placed
    inner join dirty_keys on placed.connection_id = dirty_keys.connection_id and placed.member_id = dirty_keys.member_id
),

keyed as (
    select
{{ of_connection('members') }},
        members.member_id,
        case when members.present_lead_id is not null then {{ entity_key(['present_lead_id'], 'members') }} end as lead_key,
        members.date_day,
        {{ date_key('members.date_day') }} as date_key,
        {%- for name in said %}
        members.{{ name }},
        {%- endfor %}
        members._sync_id,
        members._synced_at
    from members
)

select * from keyed
