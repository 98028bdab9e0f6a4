{{ klaviyo_sent_days('flow_series', 'flow_message_id') }}
