-- Every committed version of the campaign numbers: what restatements are learnt from.

{{ staged_report('linkedin_ads', 'campaign_group_analytics', {'campaign_group_id': 'campaign_id'}, versions=true) }}
