{{ staged_rows(
    committed_rows('tune', 'conversions', ['conversion_id'], values=['status', 'payout', 'revenue', 'sale_amount', 'affiliate_id', 'offer_id', 'converted_at']),
    {
        'stream_name': "'conversions'", 'conversion_id': 'conversion_id', 'affiliate_id': known_parent('affiliate_id'), 'offer_id': known_parent('offer_id'),
        'date_day': 'date', 'platform_status': 'status', 'status_reason': 'status_code', 'click_id': 'transaction_id', 'order_id': "nullif(order_id, '')",
        'event_name': "nullif(goal_id, '0')", 'sub_id': "nullif(sub1, '')", 'stated_currency': "nullif(stated_currency, '')",
        'is_event': "coalesce(goal_id, '0') <> '0'", 'is_held': 'false', 'is_test': "coalesce(status_code in ('21', '22', '23'), false)",
        'payout': 'payout', 'revenue': 'revenue', 'sale_amount': 'sale_amount', 'converted_at': 'converted_at', 'clicked_at': 'clicked_at',
    },
    of_sync(),
) }}
