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
        keyword_id,
        keyword_text,
        match_type,
        is_negative,
        platform_status,
        currency_code,
        bid_amount,
        landing_url,
        quality_score,
        ad_relevance,
        landing_page_experience,
        expected_click_rate,
        _sync_id
    from {{ ref('stg_google_ads__keywords') }}
),

unioned as (
    select * from google_ads
)

select * from unioned
