-- Meta names makes of devices; of each kind there is one row here.

with

source as (
    {{ winning_rows('meta_ads', 'campaign_placements', ['campaign_id', 'publisher_platform', 'impression_device'], values=[
        'impressions', 'clicks', 'spend', 'actions', 'action_values',
    ]) }}
),

counted as (
    select
        _organization_id,
        _connection_id,
        platform,
        account_id,
        campaign_id,
        case
            when impression_device in ('iphone', 'ipod', 'android_smartphone') then 'mobile'
            when impression_device in ('ipad', 'android_tablet') then 'tablet'
            else impression_device
        end as device,
        publisher_platform as network,
        currency_code,
        time_zone,
        {{ meta_counts() }},
        date as date_day,
        _sync_id,
        _chunk_id,
        _synced_at
    from source
),

summed as (
    select
        -- ids
        _organization_id as organization_id,
        _connection_id as connection_id,
        platform,
        account_id,
        campaign_id,

        -- strings
        device,
        network,
        currency_code,
        time_zone,

        -- numbers
        try_cast(sum(impressions) as bigint) as impressions,
        try_cast(sum(clicks) as bigint) as clicks,
        {{ exact('sum(spend)') }} as spend,
        {{ exact('sum(conversions)') }} as conversions,
        {{ exact('sum(conversion_value)') }} as conversion_value,

        -- dates
        date_day,

        -- lineage
        _sync_id,
        _chunk_id,
        _synced_at
    from counted
    group by all
)

select * from summed
