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
        ad_id,
        ad_name,
        ad_type,
        platform_status,
        image_url as creative_url,
        image_url as thumbnail_url,
        landing_url,
        _sync_id
    from {{ ref('stg_google_ads__ads') }}
),

unioned as (
    select * from google_ads
)

select * from unioned
