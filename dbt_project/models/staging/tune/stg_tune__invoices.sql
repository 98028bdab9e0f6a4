{{ staged_invoices(
    'tune', 'invoices',
    {
        'affiliate_id': known_parent('affiliate_id'), 'currency_code': "coalesce(nullif(stated_currency, ''), account_currency)", 'platform_status': 'status',
        'first_day': 'first_day', 'last_day': 'last_day', 'is_paid': "is_paid = '1'", 'invoice_amount': 'amount', 'issued_at': 'issued_at',
    },
    values=['status', 'amount', 'is_paid', 'affiliate_id', 'first_day', 'last_day'],
) }}
