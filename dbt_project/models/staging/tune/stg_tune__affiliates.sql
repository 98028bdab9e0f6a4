{{ staged_rows(
    last_listed_rows('tune', 'affiliates', ['affiliate_id'], values=['name', 'status', 'joined_at']),
    {'affiliate_id': 'affiliate_id', 'affiliate_name': 'name', 'platform_status': 'status', 'joined_at': 'joined_at'},
    of_last_list(),
) }}
