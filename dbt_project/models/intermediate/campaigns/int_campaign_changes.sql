{{ config(materialized='dirty_keys', key=['connection_id', 'sync_id']) }}

{{ list_changes(
    unioned='int_campaigns_unioned',
    level='campaign_list',
    entity=['campaign_id'],
    attributes=[
        'campaign_name',
        'objective',
        'campaign_type',
        'bidding_strategy',
        'platform_status',
        'currency_code',
        'budget_id',
        'budget_type',
        'daily_budget',
        'total_budget',
        'start_date',
        'end_date',
        'targeting',
    ],
    carried=['campaign_sub_type'],
) }}
