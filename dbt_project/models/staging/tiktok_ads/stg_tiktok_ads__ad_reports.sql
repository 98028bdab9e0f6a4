{{ staged_report(
    'tiktok_ads', 'ad_reports',
    {'campaign_id': 'campaign_id', 'ad_group_id': 'ad_group_id', 'ad_id': 'ad_id'}
) }}
