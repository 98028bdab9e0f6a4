{{ config(
    key=['organization_id', 'platform', 'connection_id', 'date_day'],
    order_by=['organization_id', 'date_day', 'hour_at', 'campaign_key'],
    own_days=true,
) }}

{{ winning_days('campaign_hour') }}

stats as (
    select * from {{ ref('int_campaign_performance_hourly_unioned') }}
),

{{ placed_hours() }}

converted as (
    select
        -- keys
        {{ of_connection() }},
        {{ entity_key(['campaign_id']) }} as campaign_key,
        stats.campaign_id,
        stats.date_day,
        {{ date_key('stats.date_day') }} as date_key,
        stats.local_hour,
        cast(stats.local_hour * 100 as integer) as time_key,
        flagged.hour_at,
        days.time_zone,

        -- measures; money in the account's currency and in the reporting currency
        {{ common_measures('days') }},
        stats.view_through_conversions,
        stats.engagements,
        stats.likes,
        stats.shares,
        stats.comments,
        stats.video_views,
        stats.video_views_25,
        stats.video_views_50,
        stats.video_views_75,
        stats.video_views_100,
        stats.video_completions,
        stats.mobile_impressions,
        stats.desktop_impressions,
        stats.tablet_impressions,

        -- lineage
        stats._sync_id,
        stats._synced_at,

        -- what is odd about the hour
        coalesce(flagged.is_ambiguous_hour, false) as is_ambiguous_hour,
        coalesce(flagged.is_skipped_hour, false) as is_skipped_hour,
        stats.local_hour is null as is_unknown_hour
    from stats
    inner join days
        on
            {{ on_winning_day() }}
    left join flagged
        on
            days.time_zone = flagged.time_zone
            and days.date_day = flagged.date_day
            and coalesce(stats.local_hour, -1) = flagged.hour_number
)

select * from converted
