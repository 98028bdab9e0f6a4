{{ staged_entities(
    'mailchimp', 'audiences',
    {
        'audience_id': 'audience_id', 'name': 'audience_name', 'is_double_opt_in': 'is_double_opt_in', 'member_count': 'member_count',
        'unsubscribe_count': 'unsubscribe_count', 'cleaned_count': 'cleaned_count', 'created_at': 'created_at',
        'last_sent_at': 'last_sent_at',
    },
) }}
