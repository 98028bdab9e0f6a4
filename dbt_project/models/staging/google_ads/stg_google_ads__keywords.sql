with

source as (
    {{ listed_rows('google_ads', 'keywords', ['ad_group_id', 'criterion_id'], values=[
        'campaign_id', 'text', 'match_type', 'status', 'negative', 'cpc_bid_micros', 'final_urls',
        'quality_score', 'creative_quality_score', 'post_click_quality_score', 'search_predicted_ctr',
    ]) }}
),

renamed as (
    select
        -- ids
        _organization_id as organization_id,
        _connection_id as connection_id,
        platform,
        account_id,
        campaign_id,
        ad_group_id,
        criterion_id as keyword_id,

        -- strings
        text as keyword_text,
        match_type,
        status as platform_status,
        currency_code,
        {{ first_of_json_list('final_urls') }} as landing_url,
        creative_quality_score as ad_relevance,
        post_click_quality_score as landing_page_experience,
        search_predicted_ctr as expected_click_rate,

        -- numbers and flags
        coalesce(negative, false) as is_negative,
        {{ micros('cpc_bid_micros') }} as bid_amount,
        case when quality_score between 1 and 10 then {{ exact('quality_score') }} end as quality_score,

        -- lineage
        is_current_list,
        _sync_id,
        _synced_at
    from source
)

select * from renamed
