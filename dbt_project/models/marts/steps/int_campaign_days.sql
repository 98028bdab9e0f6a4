{{ campaign_days('fact_campaign_performance') }}
