{{ ga4_report(
    'source_days',
    {'source': 'source', 'medium': 'medium', 'campaign_name': 'campaign_name', 'channel_group': 'platform_channel'},
    ga4_visits(),
) }}
