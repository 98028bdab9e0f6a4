{{ staged_rows(
    last_listed_rows('everflow', 'offers', ['offer_id'], values=['name', 'status', 'saved_at']),
    {
        'offer_id': 'offer_id', 'offer_name': 'name', 'payout_model': json_text('payout_revenue', 'entries[0].payout_type'),
        'currency_code': 'stated_currency', 'platform_status': 'status', 'created_at': 'created_at',
    },
    of_last_list(),
) }}
