{{ mail_sent_days('klaviyo', 'flow_series', 'flow_message_id', klaviyo_sums()) }}
