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
        {{ unreported('varchar') }} as url_tags,
        _sync_id
    from {{ ref('stg_google_ads__ads') }}
),

meta_ads as (
    select
        organization_id,
        connection_id,
        platform,
        account_id,
        campaign_id,
        ad_set_id as ad_group_id,
        ad_id,
        ad_name,
        ad_type,
        effective_status as platform_status,
        image_url as creative_url,
        thumbnail_url,
        landing_url,
        {{ meta_tags('url_tags') }} as url_tags,
        _sync_id
    from {{ ref('stg_meta_ads__ads') }}
),

unioned as (
    select * from google_ads
    union all
    select * from meta_ads
)

select * from unioned
