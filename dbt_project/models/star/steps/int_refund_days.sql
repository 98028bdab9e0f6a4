{{ document_days('int_refunds_unioned', ['order_id', 'refund_id'], "line_type = 'return'") }}
