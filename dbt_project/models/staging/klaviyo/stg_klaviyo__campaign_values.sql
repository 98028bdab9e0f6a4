{{ klaviyo_sent_days('campaign_values', 'campaign_message_id') }}
