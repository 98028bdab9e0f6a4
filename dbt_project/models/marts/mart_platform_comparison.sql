{{ config(key=['organization_id', 'platform', 'date_day'], order_by=['organization_id', 'date_day', 'platform']) }}

with

dirty_keys as (
    {% call dirty_keys() %}
    select
        organization_id,
        platform,
        date_day,
        {{ set_fingerprint(['connection_id', 'fingerprint']) }} as fingerprint
    from {{ state_of('fact_campaign_performance') }}
    group by organization_id, platform, date_day
    {% endcall %}
),

facts as (
    select performance.*
    from {{ ref('fact_campaign_performance') }} as performance
    inner join dirty_keys
        on
            performance.organization_id = dirty_keys.organization_id
            and performance.platform = dirty_keys.platform
            and performance.date_day = dirty_keys.date_day
),

summed as (
    select
        organization_id,
        platform,
        date_day,
        date_key,
        max(reporting_currency) as reporting_currency,
        count(distinct connection_id) as accounts,
        count(distinct case when impressions > 0 or spend > 0 then campaign_key end) as active_campaigns,
        cast(sum(impressions) as bigint) as impressions,
        cast(sum(clicks) as bigint) as clicks,
        cast(sum(conversions) as decimal(24, 6)) as conversions,
        {{ whole_sum('spend_reporting') }} as spend_reporting,
        {{ whole_sum('conversion_value_reporting') }} as platform_conversion_value_reporting
    from facts
    group by organization_id, platform, date_day, date_key
),

compared as (
    select
        *,
        {{ ratio('clicks', 'impressions') }} as ctr,
        {{ ratio('spend_reporting', 'clicks') }} as cpc_reporting,
        {{ cpm('spend_reporting', 'impressions') }} as cpm_reporting,
        {{ ratio('spend_reporting', 'conversions') }} as cpa_reporting,
        {{ ratio('platform_conversion_value_reporting', 'spend_reporting') }} as platform_roas,
        cast(platform_conversion_value_reporting - spend_reporting as decimal(24, 6)) as platform_profit_reporting,
        {{ ratio('(platform_conversion_value_reporting - spend_reporting)', 'platform_conversion_value_reporting') }} as platform_margin
    from summed
)

select * from compared
