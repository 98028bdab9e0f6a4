{{ config(materialized='dirty_keys', key=['connection_id', 'sync_id']) }}

{{ list_changes(
    unioned='int_ads_unioned',
    level='ad_list',
    entity=['ad_group_id', 'ad_id'],
    attributes=[
        'campaign_id',
        'ad_name',
        'ad_type',
        'platform_status',
        'landing_url',
        'url_tags',
    ],
    carried=['creative_url', 'thumbnail_url', 'headlines', 'descriptions'],
) }}
