with

source as (
    {{ winning_rows('google_ads', 'keyword_stats', ['campaign_id', 'ad_group_id', 'criterion_id'], values=[
        'impressions', 'clicks', 'cost_micros', 'conversions', 'conversions_value',
        'historical_quality_score', 'text', 'match_type',
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
        currency_code,
        time_zone,

        -- numbers
        impressions,
        clicks,
        {{ micros('cost_micros') }} as spend,
        {{ exact('conversions') }} as conversions,
        {{ exact('conversions_value') }} as conversion_value,
        case when historical_quality_score between 1 and 10 then {{ exact('historical_quality_score') }} end as quality_score,

        -- dates
        date as date_day,

        -- lineage
        _sync_id,
        _chunk_id,
        _synced_at
    from source
)

select * from renamed
