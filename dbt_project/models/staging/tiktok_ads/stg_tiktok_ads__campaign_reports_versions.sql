-- Every committed version of the campaign numbers: what restatements are learnt from.

{{ staged_report('tiktok_ads', 'campaign_reports', {'campaign_id': 'campaign_id'}, versions=true) }}
