{{ with_web_channel('web_key_event_day') }}
