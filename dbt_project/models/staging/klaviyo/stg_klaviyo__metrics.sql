{{ staged_entities(
    'klaviyo', 'metrics',
    {
        'metric_id': 'metric_id', 'name': 'metric_name', 'integration_name': 'integration_name',
        'integration_category': 'integration_category',
    },
) }}
