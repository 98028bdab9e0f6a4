-- The impressions of a campaign's day by device, from the winner of the device report: it may be
-- another sync than the one that won the day.

with

stats as (
    {{ union_of('campaign_device_day') }}
),

pivoted as (
    select
        connection_id,
        campaign_id,
        date_day,
        try_cast(sum(case when device = 'mobile' then impressions else 0 end) as bigint) as mobile_impressions,
        try_cast(sum(case when device = 'desktop' then impressions else 0 end) as bigint) as desktop_impressions,
        try_cast(sum(case when device = 'tablet' then impressions else 0 end) as bigint) as tablet_impressions
    from stats
    group by connection_id, campaign_id, date_day
)

select * from pivoted
