{{ config(materialized='dirty_keys', key=['connection_id', 'sync_id']) }}

{{ list_changes(
    unioned='int_ad_groups_unioned',
    level='ad_group_list',
    entity=['ad_group_id'],
    attributes=[
        'campaign_id',
        'ad_group_name',
        'ad_group_type',
        'platform_status',
        'currency_code',
        'bid_amount',
        'daily_budget',
        'total_budget',
        'bidding_strategy',
        'conversion_event',
        'target_countries',
        'targeting',
    ],
    carried=['target_genders', 'target_age_min', 'target_age_max'],
) }}
