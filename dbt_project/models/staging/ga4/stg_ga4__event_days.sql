{{ ga4_report(
    'event_days',
    {'event_name': 'event_name'},
    {'event_count': 'event_count', 'total_users': 'total_users', 'key_events': 'key_events', 'total_revenue': 'event_revenue'},
) }}
