{{ config(materialized='dirty_keys', key=['connection_id', 'sync_id']) }}

{{ list_changes(
    unioned='int_keywords_unioned',
    level='keyword_list',
    entity=['ad_group_id', 'keyword_id'],
    attributes=[
        'campaign_id',
        'keyword_text',
        'match_type',
        'is_negative',
        'platform_status',
        'currency_code',
        'bid_amount',
        'landing_url',
        'quality_score',
        'ad_relevance',
        'landing_page_experience',
        'expected_click_rate',
    ],
) }}
