{{ config(
    key=['organization_id', 'platform', 'connection_id', 'date_day'],
    order_by=['organization_id', 'date_day', 'campaign_key', 'attribution_window'],
    own_days=true,
) }}

-- How long after the click or the view conversions came, a row for each window.

{% call performance_fact('campaign_window_day', '(' ~ union_of('campaign_window_day') ~ ')') %}
    {{ entity_key(['campaign_id']) }} as campaign_key,
    stats.campaign_id,
    stats.attribution_window
{% endcall %}
