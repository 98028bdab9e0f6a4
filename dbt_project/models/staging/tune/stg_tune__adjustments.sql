{{ staged_rows(
    winning_rows('tune', 'adjustments', ['conversion_id'], values=['status', 'payout', 'revenue', 'affiliate_id', 'offer_id']),
    {
        'adjustment_id': 'conversion_id', 'affiliate_id': known_parent('affiliate_id'), 'offer_id': known_parent('offer_id'),
        'stated_currency': "nullif(stated_currency, '')", 'date_day': 'date', 'is_withdrawn': "coalesce(status, '') <> 'approved'", 'payout': 'payout',
        'revenue': 'revenue', 'sale_amount': 'sale_amount', 'entered_at': 'converted_at',
    },
    of_sync(),
) }}
