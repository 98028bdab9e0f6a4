{{ known_by_instant('stg_hubspot__deals', 'deal_id', {
    'pipeline': ('pipeline_id', 'text'),
    'dealstage': ('stage_id', 'text'),
    'hubspot_owner_id': ('owner_id', 'text'),
    'amount': ('amount', 'amount'),
    'closedate': ('close_date', 'day'),
})
}}
