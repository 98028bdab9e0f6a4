{{ ga4_report(
    'item_days',
    {'item_id': 'item_id', 'item_name': 'item_name', 'item_category': 'item_category'},
    {'items_purchased': 'items_purchased', 'item_revenue': 'item_revenue'},
) }}
