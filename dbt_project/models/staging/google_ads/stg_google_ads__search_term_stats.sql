-- Two kinds of row stand side by side: wholes, and the search terms that are parts of them. A whole is an ad group, or a
-- Performance Max campaign, which has none.

with

source as (
    {{ winning_rows('google_ads', 'search_term_stats', ['campaign_id', 'ad_group_id', 'search_term'], values=[
        'impressions', 'clicks', 'cost_micros', 'conversions', 'conversions_value', 'status',
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
        nullif(ad_group_id, '') as ad_group_id,

        -- strings and flags
        nullif(search_term, '') as search_term,
        status as term_status,
        search_term = '' as is_whole,
        currency_code,
        time_zone,

        -- numbers
        impressions,
        clicks,
        {{ micros('cost_micros') }} as spend,
        {{ exact('conversions') }} as conversions,
        {{ exact('conversions_value') }} as conversion_value,

        -- dates
        date as date_day,

        -- lineage
        _sync_id,
        _chunk_id,
        _synced_at
    from source
)

select * from renamed
