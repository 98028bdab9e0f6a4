-- People are not counted by the hour.

{{ staged_report(
    'tiktok_ads', 'campaign_reports_hourly', {'campaign_id': 'campaign_id'}, hourly=true, without=['reach', 'frequency']
) }}
