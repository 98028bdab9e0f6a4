{{ staged_rows(
    last_listed_rows('tune', 'offers', ['offer_id'], values=['name', 'status', 'payout_type']),
    {
        'offer_id': 'offer_id', 'offer_name': 'name', 'payout_model': 'payout_type', 'currency_code': "nullif(stated_currency, '')",
        'platform_status': 'status',
    },
    of_last_list(),
) }}
