{{ config(key=['connection_id', 'deal_id'], order_by=['organization_id', 'connection_id', 'deal_id', 'valid_from_at']) }}

{% set said = ['pipeline_id', 'stage_id', 'stage_name', 'outcome', 'owner_id', 'amount', 'currency_code', 'close_date', '_sync_id', '_synced_at'] %}

{% set named %}
select
    versions.*,
    deals.currency_code,
    coalesce(stages.stage_name, versions.stage_id) as stage_name,
    coalesce(stages.outcome, 'open') as outcome
from {{ ref('int_crm_deal_versions') }} as versions
inner join {{ ref('int_crm_deals') }} as deals
    on versions.connection_id = deals.connection_id and versions.deal_id = deals.deal_id
left join ({{ union_of('crm_stage_list') }}) as stages
    on
        versions.connection_id = stages.connection_id
        and versions.pipeline_id = stages.pipeline_id
        and versions.stage_id = stages.stage_id
{% endset %}

with

dirty_keys as (
    {% call dirty_keys() %}
    select
        connection_id,
        deal_id,
        {{ set_fingerprint(['organization_id', 'account_id', 'valid_from_at', 'valid_to_at'] + said) }} as fingerprint
    from ({{ named }}) as named
    group by connection_id, deal_id
    {% endcall %}
),

versions as (
    select named.*
    from ({{ named }}) as named
    inner join dirty_keys on named.connection_id = dirty_keys.connection_id and named.deal_id = dirty_keys.deal_id
),

keyed as (
    select
        {{ entity_key(['deal_id'], 'versions') }} as deal_key,
{{ of_connection('versions') }},
        versions.deal_id,
        versions.valid_from_at,
        versions.valid_to_at,
        versions.valid_to_at is null as is_current,
        {%- for name in said %}
        versions.{{ name }}{{ "," if not loop.last }}
        {%- endfor %}
    from versions
)

select * from keyed
