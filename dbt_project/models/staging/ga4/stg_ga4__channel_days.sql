{{ ga4_report('channel_days', {'channel_group': 'platform_channel'}, ga4_visits()) }}
