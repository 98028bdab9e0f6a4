{{ staged_days(
    'klaviyo', 'events', {'event_id': 'event_id'},
    {
        'happened_at': 'happened_at', 'metric_id': 'metric_id', 'metric_name': 'metric_name', 'profile_id': 'member_id',
        'message_id': 'message_id', 'flow_id': 'flow_id', 'order_id': 'order_id', 'bounce_type': 'bounce_type',
        'value': 'event_value', 'value_currency': 'stated_currency',
    },
    decimals=['event_value'],
) }}
