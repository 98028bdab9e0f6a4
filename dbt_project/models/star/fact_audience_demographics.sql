{{ config(
    key=['organization_id', 'platform', 'connection_id', 'date_day'],
    order_by=['organization_id', 'date_day', 'connection_id', 'dimension', 'member_group'],
    own_days=true,
) }}

-- Who saw the ads of an account in a month, a row a group of members. A platform leaves out groups that are too
-- small and rounds the others: the groups of a dimension never add up to all, and are no part of any campaign.

with

dirty_keys as (
    {% call dirty_keys() %}
    select organization_id, platform, connection_id, date_day, fingerprint
    from {{ ref('int_report_days') }}
    where level = 'account_audience_month'
    {% endcall %}
),

days as (
    select days.*
    from {{ ref('int_report_days') }} as days
    inner join dirty_keys
        on days.connection_id = dirty_keys.connection_id and days.date_day = dirty_keys.date_day
    where days.level = 'account_audience_month'
),

stats as (
    {{ union_of('account_audience_month') }}
),

converted as (
    select
        -- keys
        stats.organization_id,
        stats.platform,
        stats.connection_id,
        stats.account_id,
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
            stats._sync_id = days.sync_id
            and stats.connection_id = days.connection_id
            and stats._chunk_id = days.chunk_id
            and stats.date_day = days.date_day
)

select * from converted
