{{ staged_rows(
    winning_rows('everflow', 'adjustments', ['adjustment_id'], values=['saved_at', 'payout', 'revenue', 'clicks', 'conversions']),
    {
        'adjustment_id': 'adjustment_id', 'affiliate_id': known_parent('affiliate_id'), 'offer_id': known_parent('offer_id'), 'note': 'notes',
        'date_day': 'date', 'is_withdrawn': 'coalesce(is_deleted, false)', 'clicks': 'clicks', 'conversions': 'conversions', 'payout': 'payout',
        'revenue': 'revenue', 'sale_amount': 'gross_sales', 'entered_at': 'created_at',
    },
    of_sync(),
) }}
