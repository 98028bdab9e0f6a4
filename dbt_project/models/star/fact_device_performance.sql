{{ config(
    key=['organization_id', 'platform', 'connection_id', 'date_day'],
    order_by=['organization_id', 'date_day', 'campaign_key', 'device', 'network'],
    own_days=true,
) }}

-- On what a campaign was seen, a row for each device and network: what fact_campaign_performance has the impressions
-- of.

{% call performance_fact('campaign_device_day', '(' ~ union_of('campaign_device_day') ~ ')') %}
    {{ entity_key(['campaign_id']) }} as campaign_key,
    stats.campaign_id,
    stats.device,
    stats.network
{% endcall %}
