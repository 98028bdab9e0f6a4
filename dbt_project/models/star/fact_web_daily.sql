{{ config(
    key=['organization_id', 'platform', 'connection_id', 'date_day'],
    order_by=['organization_id', 'date_day', 'connection_id'],
    own_days=true,
) }}

-- The platform's own numbers of a day: those by hour or by channel never add up to it.

{% call web_fact('web_property_day') %}
    stats.account_id as property_id
{% endcall %}
