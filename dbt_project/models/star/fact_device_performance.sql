{{ config(
    key=['organization_id', 'platform', 'connection_id', 'date_day'],
    order_by=['organization_id', 'date_day', 'campaign_key', 'device'],
    own_days=true,
) }}

-- On what a campaign was seen, a row a device: what fact_campaign_performance has the impressions of.

with

dirty_keys as (
    {% call dirty_keys() %}
    select organization_id, platform, connection_id, date_day, fingerprint
    from {{ ref('int_report_days') }}
    where level = 'campaign_device_day'
    {% endcall %}
),

days as (
    select days.*
    from {{ ref('int_report_days') }} as days
    inner join dirty_keys
        on days.connection_id = dirty_keys.connection_id and days.date_day = dirty_keys.date_day
    where days.level = 'campaign_device_day'
),

stats as (
    {{ union_of('campaign_device_day') }}
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
        stats.device,
        stats.date_day,
        {{ date_key('stats.date_day') }} as date_key,

        -- measures; money in the account's currency and in the reporting currency
        days.currency_code,
        days.reporting_currency,
        days.exchange_rate,
        stats.impressions,
        stats.clicks,
        stats.spend,
        {{ convert('stats.spend', 'days.exchange_rate') }} as spend_reporting,
        stats.conversions,
        stats.conversion_value,
        {{ convert('stats.conversion_value', 'days.exchange_rate') }} as conversion_value_reporting,

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
