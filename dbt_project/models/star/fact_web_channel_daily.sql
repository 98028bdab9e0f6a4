{{ config(
    key=['organization_id', 'platform', 'connection_id', 'date_day'],
    order_by=['organization_id', 'date_day', 'connection_id', 'platform_channel'],
    own_days=true,
) }}

{% call web_fact('web_channel_day', ref('int_web_channels_unioned')) %}
    stats.channel,
    stats.platform_channel
{% endcall %}
