{{ ga4_report(
    'key_event_days',
    {
        'event_name': 'event_name', 'source': 'source', 'medium': 'medium', 'campaign_name': 'campaign_name',
        'channel_group': 'platform_channel',
    },
    {'key_events': 'key_events', 'total_revenue': 'event_revenue'},
) }}
