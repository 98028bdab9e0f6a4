{{ ga4_report(
    'device_country_days',
    {'device_category': 'device', 'country': 'country', 'country_id': 'country_code'},
    ga4_visits(),
) }}
