{{ mail_sent_days('klaviyo', 'campaign_values', 'campaign_message_id', klaviyo_sums()) }}
