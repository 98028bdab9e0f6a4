{{ with_web_channel('web_traffic_hour') }}
