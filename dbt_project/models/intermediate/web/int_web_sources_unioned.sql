{{ with_web_channel('web_source_day') }}
