{{ config(
    key=['organization_id', 'platform', 'connection_id', 'date_day'],
    order_by=['organization_id', 'date_day', 'connection_id', 'source', 'medium', 'campaign_name', 'platform_channel'],
    own_days=true,
) }}

{% call web_fact('web_source_day', ref('int_web_sources_unioned')) %}
    stats.channel,
    stats.platform_channel,
    stats.attributed_platform,
    stats.source,
    stats.medium,
    stats.campaign_name
{% endcall %}
