{{ staged_report('tiktok_ads', 'campaign_reports', {'campaign_id': 'campaign_id'}) }}
