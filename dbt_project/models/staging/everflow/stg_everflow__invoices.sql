{{ staged_invoices(
    'everflow', 'invoices',
    {
        'affiliate_id': known_parent('affiliate_id'), 'currency_code': 'coalesce(stated_currency, account_currency)', 'platform_status': 'status',
        'first_day': 'first_day', 'last_day': 'last_day', 'is_paid': "status = 'paid'", 'invoice_amount': 'amount', 'issued_at': 'created_at',
    },
    values=['status', 'amount', 'affiliate_id', 'first_day', 'last_day'],
) }}
