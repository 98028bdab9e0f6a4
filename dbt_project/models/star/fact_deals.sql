{{ config(key=['connection_id', 'deal_id'], order_by=['organization_id', 'created_day', 'connection_id', 'deal_id']) }}

{% set described = ['deal_name', 'pipeline_id', 'pipeline_name', 'stage_id', 'stage_name', 'stage_order', 'probability', 'outcome', 'owner_id', 'owner_name',
    'company_id', 'company_name', 'industry', 'country', 'stays', 'moves_back', 'stage_dates', 'created_at', 'last_entered_at', 'closed_at',
    'close_date', 'is_archived', 'custom_properties'] %}
{% set of_lead = ['channel', 'attributed_platform', 'campaign_key', 'stated_source'] %}

{% set placed %}
select
    deals.*,
    coalesce(leads.channel, 'unattributed') as channel,
    coalesce(leads.attributed_platform, 'unattributed') as attributed_platform,
    leads.campaign_key,
    leads.stated_source
from {{ ref('int_crm_deals') }} as deals
left join {{ ref('int_leads_placed') }} as leads
    on deals.connection_id = leads.connection_id and deals.lead_id = leads.contact_id
{% endset %}

with

dirty_keys as (
    {% call dirty_keys() %}
    select
        connection_id,
        deal_id,
        {{ fingerprint(['organization_id', 'account_id', 'created_day', 'closed_day', 'lead_id', 'amount', 'currency_code', 'reporting_currency',
            'exchange_rate', '_sync_id', '_synced_at'] + described + of_lead) }} as fingerprint
    from ({{ placed }}) as placed
    {% endcall %}
),

deals as (
    select placed.*
    from ({{ placed }}) as placed
    inner join dirty_keys on placed.connection_id = dirty_keys.connection_id and placed.deal_id = dirty_keys.deal_id
),

keyed as (
    select
        -- keys
        {{ entity_key(['deal_id'], 'deals') }} as deal_key,
{{ of_connection('deals') }},
        deals.deal_id,
        case when deals.lead_id is not null then {{ entity_key(['lead_id'], 'deals') }} end as lead_key,
        deals.created_day,
        {{ date_key('deals.created_day') }} as date_key,
        deals.closed_day,
        {%- for name in described %}
        deals.{{ name }},
        {%- endfor %}
        {%- for name in of_lead %}
        deals.{{ name }},
        {%- endfor %}
        deals.outcome = 'won' as is_won,
        deals.outcome <> 'open' as is_closed,
        case when deals.closed_at is not null then cast({{ seconds_between('deals.created_at', 'deals.closed_at') }} as bigint) end as seconds_to_close,

        -- measures
{{ money_in_both(['amount'], 'deals') }},

        -- lineage
        deals._sync_id,
        deals._synced_at
    from deals
)

select * from keyed
