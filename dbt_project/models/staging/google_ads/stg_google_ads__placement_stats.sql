-- Two kinds of row stand side by side: wholes, and the placements that are parts of them. A whole is an ad group, or a
-- Performance Max campaign, which has none, and of whose placements impressions alone are known.

with

source as (
    {{ winning_rows('google_ads', 'placement_stats', ['campaign_id', 'ad_group_id', 'placement'], values=[
        'impressions', 'clicks', 'cost_micros', 'conversions', 'conversions_value',
        'display_name', 'target_url', 'placement_type',
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
        nullif(placement, '') as placement,
        display_name as placement_name,
        target_url as placement_url,
        placement_type,
        placement = '' as is_whole,
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
