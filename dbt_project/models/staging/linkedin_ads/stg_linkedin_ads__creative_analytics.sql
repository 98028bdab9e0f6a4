{{ staged_report(
    'linkedin_ads', 'creative_analytics',
    {'campaign_group_id': 'campaign_id', 'campaign_id': 'ad_group_id', 'creative_id': 'ad_id'}
) }}
