{{ staged_rows(
    committed_rows('trackier', 'conversions', ['conversion_id'], values=['status', 'payout', 'revenue', 'sale_amount', 'affiliate_id', 'offer_id', 'converted_at']),
    {
        'stream_name': "'conversions'", 'conversion_id': 'conversion_id', 'affiliate_id': known_parent('affiliate_id'), 'offer_id': known_parent('offer_id'),
        'date_day': 'date', 'platform_status': 'status', 'status_reason': "nullif(note, '')", 'click_id': 'click_id', 'order_id': "nullif(order_id, '')",
        'event_name': "nullif(goal_id, '')", 'sub_id': "nullif(sub1, '')", 'stated_currency': "nullif(stated_currency, '')",
        'is_event': "coalesce(goal_id, '') <> ''", 'is_held': 'false', 'is_test': 'false', 'payout': 'payout', 'revenue': 'revenue',
        'sale_amount': 'sale_amount', 'converted_at': 'converted_at', 'clicked_at': 'clicked_at',
    },
    of_sync(),
) }}
