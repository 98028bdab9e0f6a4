-- One CTE per platform: its words on the left, ours on the right.

with

google_ads as (
    select
        organization_id,
        connection_id,
        platform,
        account_id,
        campaign_id,
        ad_group_id,
        ad_group_name,
        ad_group_type,
        platform_status,
        currency_code,
        bid_amount,
        _sync_id
    from {{ ref('stg_google_ads__ad_groups') }}
),

meta_ads as (
    select
        organization_id,
        connection_id,
        platform,
        account_id,
        campaign_id,
        ad_set_id as ad_group_id,
        ad_set_name as ad_group_name,
        optimization_goal as ad_group_type,
        -- Meta has no word for a set whose end has passed; its own screens call it completed.
        case when effective_status = 'ACTIVE' and end_at <= _synced_at then 'COMPLETED' else effective_status end as platform_status,
        currency_code,
        bid_amount,
        _sync_id
    from {{ ref('stg_meta_ads__ad_sets') }}
),

unioned as (
    select * from google_ads
    union all
    select * from meta_ads
)

select * from unioned
