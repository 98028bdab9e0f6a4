{{ staged_rows(
    last_listed_rows('trackier', 'campaigns', ['offer_id'], values=['name', 'status', 'model']),
    {
        'offer_id': 'offer_id', 'offer_name': 'name', 'payout_model': 'model', 'currency_code': "nullif(stated_currency, '')",
        'platform_status': 'status',
    },
    of_last_list(),
) }}
