{{ config(
    key=['organization_id', 'platform', 'connection_id', 'date_day'],
    order_by=['organization_id', 'date_day', 'campaign_key'],
    own_days=true,
) }}

with

dirty_keys as (
    {% call dirty_keys() %}
    select organization_id, platform, connection_id, date_day, fingerprint
    from {{ ref('int_report_days') }}
    where level = 'campaign_day'
    {% endcall %}
),

days as (
    select days.*
    from {{ ref('int_report_days') }} as days
    inner join dirty_keys
        on days.connection_id = dirty_keys.connection_id and days.date_day = dirty_keys.date_day
    where days.level = 'campaign_day'
),

-- A row that states a currency is in that one, whatever the account's is.
stats as (
    select
        stats.*,
        days.reporting_currency,
        coalesce(stats.stated_currency, days.currency_code) as currency_code,
        case
            when stats.stated_currency is null or stats.stated_currency = days.currency_code then days.exchange_rate
            when stats.stated_currency = days.reporting_currency then cast(1 as decimal(38, 18))
            else rates.exchange_rate
        end as exchange_rate
    from {{ ref('int_campaign_performance_unioned') }} as stats
    inner join days
        on
            stats._sync_id = days.sync_id
            and stats.connection_id = days.connection_id
            and stats._chunk_id = days.chunk_id
            and stats.date_day = days.date_day
    left join {{ ref('int_exchange_rates_crossed') }} as rates
        on
            stats.stated_currency = rates.from_currency
            and days.reporting_currency = rates.to_currency
            and stats.date_day = rates.date_day
),

converted as (
    select
        -- keys
        stats.organization_id,
        stats.platform,
        stats.connection_id,
        stats.account_id,
        {{ surrogate_key(['stats.organization_id', 'stats.platform', 'stats.account_id', 'stats.campaign_id']) }} as campaign_key,
        stats.campaign_id,
        stats.date_day,
        {{ date_key('stats.date_day') }} as date_key,

        -- measures; money in the account's currency and in the reporting currency
        stats.currency_code,
        stats.reporting_currency,
        stats.exchange_rate,
        stats.impressions,
        stats.clicks,
        stats.spend,
        {{ convert('stats.spend', 'stats.exchange_rate') }} as spend_reporting,
        stats.conversions,
        stats.conversion_value,
        {{ convert('stats.conversion_value', 'stats.exchange_rate') }} as conversion_value_reporting,
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
        stats.reach,
        stats.frequency,
        stats.quality_score,
        stats.relevance_score,
        stats.demographics,

        -- lineage
        stats._sync_id,
        stats._synced_at
    from stats
)

select * from converted
