{{ config(key=['connection_id', 'deal_id'], order_by=['organization_id', 'connection_id', 'deal_id', 'stay_number']) }}

{% set said = ['stay_number', 'pipeline_id', 'pipeline_name', 'stage_id', 'stage_name', 'stage_order', 'outcome', 'previous_stage_id', 'is_back', 'entered_at',
    'entered_day', 'left_at', '_sync_id', '_synced_at'] %}

with

dirty_keys as (
    {% call dirty_keys() %}
    select
        connection_id,
        deal_id,
        {{ set_fingerprint(['organization_id', 'account_id'] + said) }} as fingerprint
    from {{ ref('int_crm_deal_stays') }}
    group by connection_id, deal_id
    {% endcall %}
),

stays as (
    select stays.*
    from {{ ref('int_crm_deal_stays') }} as stays
    inner join dirty_keys on stays.connection_id = dirty_keys.connection_id and stays.deal_id = dirty_keys.deal_id
),

keyed as (
    select
        {{ entity_key(['deal_id'], 'stays') }} as deal_key,
{{ of_connection('stays') }},
        stays.deal_id,
        {%- for name in said if not name.startswith('_') %}
        stays.{{ name }},
        {%- endfor %}
        stays.left_at is null as is_current,
        case when stays.left_at is not null then cast({{ seconds_between('stays.entered_at', 'stays.left_at') }} as bigint) end as seconds_in_stage,
        stays._sync_id,
        stays._synced_at
    from stays
)

select * from keyed
