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

unioned as (
    select * from google_ads
)

select * from unioned
