{{ config(
    key=['organization_id', 'platform', 'connection_id', 'date_day'],
    order_by=['organization_id', 'date_day', 'connection_id', 'event_name', 'source', 'medium', 'campaign_name', 'platform_channel'],
    own_days=true,
) }}

-- Key events by what the property credits with them, parts of one included: other rows than those of its visits.

{% call performance_fact(
    'web_key_event_day', ref('int_web_key_events_unioned'),
    measures=['key_events'] + answer_quality(), money=['event_revenue'],
) %}
    stats.event_name,
    stats.channel,
    stats.platform_channel,
    stats.attributed_platform,
    stats.source,
    stats.medium,
    stats.campaign_name
{% endcall %}
