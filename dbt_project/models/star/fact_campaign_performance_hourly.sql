{{ config(
    key=['organization_id', 'platform', 'connection_id', 'date_day'],
    order_by=['organization_id', 'date_day', 'hour_at', 'campaign_key'],
    own_days=true,
) }}

{{ winning_days('campaign_hour') }}

stats as (
    select * from {{ ref('int_campaign_performance_hourly_unioned') }}
),

zones as (
    select distinct time_zone, date_day
    from days
),

-- A zone's hours of a day are worked out once, not for each row. What a platform reports of a day without
-- naming the hour stands at the day's first hour.
hours as (
    {%- for hour in [none] + range(24) | list %}
    select
        time_zone,
        date_day,
        {{ 'cast(null as integer)' if hour is none else hour }} as local_hour,
        {{ -1 if hour is none else hour }} as hour_number,
        cast(date_day as timestamp) + {{ hour or 0 }} * interval '1 hour' as local_hour_at
    from zones
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

placed as (
    select
        *,
        {{ local_to_instant('local_hour_at', 'time_zone') }} as hour_at
    from hours
),

-- An hour that a clock change repeats is reported once for both: it is put at the later one and
-- flagged. An hour that a clock change skips does not exist; a platform that reports it anyway has
-- its numbers at the hour the clock jumped to, flagged too. Of no hour neither can be said.
flagged as (
    select
        time_zone,
        date_day,
        hour_number,
        hour_at,
        local_hour is not null and coalesce(
            {{ instant_to_local("hour_at - interval '1 hour'", 'time_zone') }} = local_hour_at
            or {{ instant_to_local("hour_at + interval '1 hour'", 'time_zone') }} = local_hour_at,
            false
        ) as is_ambiguous_hour,
        local_hour is not null and coalesce(
            {{ instant_to_local('hour_at', 'time_zone') }} <> local_hour_at,
            false
        ) as is_skipped_hour
    from placed
),

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
