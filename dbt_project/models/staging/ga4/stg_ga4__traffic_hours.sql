{{ ga4_report(
    'traffic_hours',
    {
        'source': 'source', 'medium': 'medium', 'campaign_name': 'campaign_name', 'campaign_id': 'campaign_id',
        'landing_page': 'landing_page', 'channel_group': 'platform_channel',
    },
    ga4_visits(), hourly=true,
) }}
