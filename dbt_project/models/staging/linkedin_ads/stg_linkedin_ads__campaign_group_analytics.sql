{{ staged_report('linkedin_ads', 'campaign_group_analytics', {'campaign_group_id': 'campaign_id'}) }}
