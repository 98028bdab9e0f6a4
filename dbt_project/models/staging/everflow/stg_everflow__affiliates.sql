{{ staged_rows(
    last_listed_rows('everflow', 'affiliates', ['affiliate_id'], values=['name', 'status', 'saved_at']),
    {'affiliate_id': 'affiliate_id', 'affiliate_name': 'name', 'platform_status': 'status', 'joined_at': 'created_at'},
    of_last_list(),
) }}
