{{ staged_report(
    'linkedin_ads', 'campaign_analytics',
    {'campaign_group_id': 'campaign_id', 'campaign_id': 'ad_group_id'}
) }}
