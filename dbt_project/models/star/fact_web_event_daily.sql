{{ config(
    key=['organization_id', 'platform', 'connection_id', 'date_day'],
    order_by=['organization_id', 'date_day', 'connection_id', 'event_name'],
    own_days=true,
) }}

{% call performance_fact(
    'web_event_day', '(' ~ union_of('web_event_day') ~ ')',
    measures=['event_count', 'total_users', 'key_events'] + answer_quality(), money=['event_revenue'],
) %}
    stats.event_name
{% endcall %}
