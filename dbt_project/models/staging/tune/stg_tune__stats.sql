{{ staged_rows(
    winning_rows('tune', 'stats', ['offer_id', 'affiliate_id'], values=['clicks', 'conversions', 'payout', 'revenue', 'sale_amount']),
    {
        'affiliate_id': 'affiliate_id', 'offer_id': 'offer_id', 'stated_currency': "nullif(stated_currency, '')", 'date_day': 'date',
        'clicks': 'clicks', 'unique_clicks': 'unique_clicks', 'conversions': 'conversions', 'payout': 'payout', 'revenue': 'revenue',
        'sale_amount': 'sale_amount',
    },
    of_sync(),
) }}
