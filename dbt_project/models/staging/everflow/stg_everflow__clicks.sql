{{ staged_rows(
    winning_rows('everflow', 'clicks', ['transaction_id'], values=['clicked_at', 'affiliate_id', 'offer_id', 'payout']),
    {
        'click_id': 'transaction_id', 'affiliate_id': known_parent('affiliate_id'), 'offer_id': known_parent('offer_id'), 'sub_id': "nullif(sub1, '')",
        'date_day': 'date', 'is_unique': 'is_unique = 1', 'has_conversion': 'has_conversion', 'is_test': 'is_test', 'payout': 'payout',
        'clicked_at': 'clicked_at',
    },
    of_sync(),
) }}
