with

source as (
    {{ winning_rows('google_ads', 'campaign_stats_hourly', ['campaign_id', 'hour'], values=[
        'impressions', 'clicks', 'cost_micros', 'conversions', 'conversions_value',
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

        -- strings
        currency_code,
        time_zone,

        -- numbers
        impressions,
        clicks,
        {{ micros('cost_micros') }} as spend,
        {{ exact('conversions') }} as conversions,
        {{ exact('conversions_value') }} as conversion_value,

        -- dates and hours
        date as date_day,
        hour as local_hour,

        -- lineage
        _sync_id,
        _chunk_id,
        _synced_at
    from source
    -- What is of no hour is in the day's numbers only.
    where hour between 0 and 23
)

select * from renamed
