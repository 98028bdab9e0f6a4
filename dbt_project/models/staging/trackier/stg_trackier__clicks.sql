{{ staged_rows(
    winning_rows('trackier', 'clicks', ['click_id'], values=['clicked_at', 'affiliate_id', 'offer_id']),
    {
        'click_id': 'click_id', 'affiliate_id': known_parent('affiliate_id'), 'offer_id': known_parent('offer_id'), 'sub_id': "nullif(sub1, '')",
        'date_day': 'date', 'is_unique': 'is_unique', 'payout': 'cast(null as decimal(24, 6))', 'clicked_at': 'clicked_at',
    },
    of_sync(),
) }}
