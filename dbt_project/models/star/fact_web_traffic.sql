{{ config(
    key=['organization_id', 'platform', 'connection_id', 'date_day'],
    order_by=['organization_id', 'date_day', 'connection_id', 'local_hour', 'source', 'medium', 'campaign_name', 'campaign_id', 'landing_page', 'platform_channel'],
    own_days=true,
) }}

{% call web_fact('web_traffic_hour', ref('int_web_traffic_unioned'), hourly=true) %}
    stats.channel,
    stats.platform_channel,
    stats.attributed_platform,
    stats.source,
    stats.medium,
    stats.campaign_name,
    stats.campaign_id,
    stats.landing_page
{% endcall %}
