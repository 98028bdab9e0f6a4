-- Klaviyo has no event of sending. Its metrics have old names and new.

{{ mail_happened_days(
    'klaviyo', 'metric_aggregates',
    {
        'Received Email': 'delivered', 'Opened Email': 'opens', 'Clicked Email': 'clicks', 'Bounced Email': 'bounces',
        'Marked Email as Spam': 'complaints', 'Unsubscribed': 'unsubscribes', 'Unsubscribed from Email Marketing': 'unsubscribes',
        'Dropped Email': 'dropped',
    },
) }}
