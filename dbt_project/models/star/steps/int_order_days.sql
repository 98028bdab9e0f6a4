{{ document_days('int_orders_unioned', ['order_id'], "line_type <> 'return'", numbered=true) }}
