-- The impressions of a campaign's day by device, from the winner of the device report: it may be
-- another sync than the one that won the day.

with

stats as (
    select * from {{ ref('stg_google_ads__campaign_stats_by_device') }}
),

pivoted as (
    select
        connection_id,
        campaign_id,
        date_day,
        try_cast(sum(case when device = 'MOBILE' then impressions else 0 end) as bigint) as mobile_impressions,
        try_cast(sum(case when device = 'DESKTOP' then impressions else 0 end) as bigint) as desktop_impressions,
        try_cast(sum(case when device = 'TABLET' then impressions else 0 end) as bigint) as tablet_impressions
    from stats
    group by connection_id, campaign_id, date_day
)

select * from pivoted
