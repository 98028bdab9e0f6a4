{{ config(
    key=['organization_id', 'platform', 'connection_id', 'date_day'],
    order_by=['organization_id', 'date_day', 'connection_id', 'dimension', 'member_group'],
    own_days=true,
) }}

-- Who saw the ads of an account in a month, a row a group of members. A platform leaves out groups that are too
-- small and rounds the others: the groups of a dimension never add up to all, and are no part of any campaign.

{{ winning_days('account_audience_month') }}

stats as (
    {{ union_of('account_audience_month') }}
),

converted as (
    select
        -- keys
        {{ of_connection() }},
        stats.dimension,
        stats.member_group,
        stats.date_day,
        {{ date_key('stats.date_day') }} as date_key,
        cast(date_trunc('month', stats.date_day) as date) as month_start,

        -- measures; no one day's rate is right for the spend of a month
        days.currency_code,
        stats.impressions,
        stats.clicks,
        stats.spend,
        stats.conversions,
        stats.leads,
        stats.video_views,
        stats.engagements,

        -- lineage
        stats._sync_id,
        stats._synced_at
    from stats
    inner join days
        on
            {{ on_winning_day() }}
)

select * from converted
