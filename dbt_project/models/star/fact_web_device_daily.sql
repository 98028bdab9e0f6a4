{{ config(
    key=['organization_id', 'platform', 'connection_id', 'date_day'],
    order_by=['organization_id', 'date_day', 'connection_id', 'device', 'country'],
    own_days=true,
) }}

{% call web_fact('web_device_day') %}
    stats.device,
    stats.country,
    stats.country_code
{% endcall %}
