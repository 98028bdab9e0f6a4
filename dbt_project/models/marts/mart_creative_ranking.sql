{{ config(
    key=['organization_id', 'connection_id'],
    order_by=['organization_id', 'date_week', 'connection_id', 'ad_key'],
) }}

-- Ads by ISO week of the account. A click-through rate is compared with that of the ad's first two weeks with enough
-- impressions, not with its best one: the best of many weeks is high by chance, and every ad would look tired after it.
-- The difference counts when it is large and not chance (two proportions, pooled: below -1.96 standard errors).

{% set minimum = var('creative_minimum_impressions') %}
{% set counts = ['impressions', 'clicks', 'engagements', 'video_views', 'outbound_clicks'] %}

with

dirty_keys as (
    {% call dirty_keys() %}
    {{ states_of(['fact_ad_creative_performance', 'dim_ads'], key=['organization_id', 'connection_id']) }}
    {% endcall %}
),

weeks as (
    select
        facts.organization_id,
        facts.platform,
        facts.connection_id,
        facts.account_id,
        facts.ad_key,
        cast(date_trunc('week', facts.date_day) as date) as date_week,
        max(facts.campaign_key) as campaign_key,
        max(facts.ad_group_key) as ad_group_key,
        max(facts.ad_id) as ad_id,
        count(*) as days_with_data,
        {%- for name in counts %}
        try_cast(sum(facts.{{ name }}) as bigint) as {{ name }},
        {%- endfor %}
        try_cast(sum(facts.conversions) as decimal(24, 6)) as conversions,
        max(facts.currency_code) as currency_code,
        {{ whole_sum('facts.spend') }} as spend,
        max(facts.reporting_currency) as reporting_currency,
        {{ whole_sum('facts.spend_reporting') }} as spend_reporting,
        {{ whole_sum('facts.conversion_value_reporting') }} as conversion_value_reporting
    from {{ ref('fact_ad_creative_performance') }} as facts
    inner join dirty_keys
        on facts.organization_id = dirty_keys.organization_id and facts.connection_id = dirty_keys.connection_id
    group by
        facts.organization_id, facts.platform, facts.connection_id, facts.account_id, facts.ad_key, cast(date_trunc('week', facts.date_day) as date)
),

counted as (
    select
        *,
        coalesce(impressions >= {{ minimum }}, false) as is_ranked,
        row_number() over (partition by connection_id, ad_key order by date_week) as week_number,
        count(case when impressions >= {{ minimum }} then 1 end) over (
            partition by connection_id, ad_key order by date_week rows between unbounded preceding and 1 preceding
        ) as ranked_weeks_before,
        try_cast(sum(impressions) over (partition by connection_id, ad_key order by date_week) as bigint) as impressions_to_date,
        {{ ratio('clicks', 'impressions') }} as ctr,
        {{ ratio('spend_reporting', 'clicks') }} as cpc_reporting,
        {{ ratio('spend_reporting', 'conversions') }} as cpa_reporting,
        {{ ratio('conversion_value_reporting', 'spend_reporting') }} as platform_roas
    from weeks
),

-- the first two weeks with enough impressions
beginnings as (
    select
        connection_id,
        ad_key,
        try_cast(sum(impressions) as bigint) as first_impressions,
        try_cast(sum(clicks) as bigint) as first_clicks
    from counted
    where is_ranked and ranked_weeks_before < 2
    group by connection_id, ad_key
),

compared as (
    select
        counted.*,
        case when counted.is_ranked and counted.ranked_weeks_before >= 2 then {{ ratio('beginnings.first_clicks', 'beginnings.first_impressions') }} end as first_ctr,
        cast(counted.clicks + beginnings.first_clicks as double)
        / nullif(counted.impressions + beginnings.first_impressions, 0) as pooled_ctr,
        beginnings.first_impressions
    from counted
    left join beginnings on counted.connection_id = beginnings.connection_id and counted.ad_key = beginnings.ad_key
),

tested as (
    select
        *,
        {{ ratio('ctr', 'first_ctr') }} - 1 as ctr_change,
        (ctr - first_ctr) / nullif(
            sqrt(greatest(pooled_ctr * (1 - pooled_ctr), 0) * (1.0 / nullif(impressions, 0) + 1.0 / nullif(first_impressions, 0))), 0
        ) as ctr_change_z
    from compared
),

ranked as (
    select
        *,
        case when is_ranked and ctr is not null then rank() over (
            partition by connection_id, date_week, is_ranked order by ctr desc nulls last
        ) end as rank_by_ctr,
        case when is_ranked and platform_roas is not null then rank() over (
            partition by connection_id, date_week, is_ranked order by platform_roas desc nulls last
        ) end as rank_by_roas,
        count(case when is_ranked then 1 end) over (partition by connection_id, date_week) as ads_ranked
    from tested
),

named as (
    select
        ranked.organization_id,
        ranked.platform,
        ranked.connection_id,
        ranked.account_id,
        ranked.campaign_key,
        ranked.ad_group_key,
        ranked.ad_key,
        ranked.ad_id,
        ads.ad_name,
        ads.creative_type,
        ads.thumbnail_url,
        ranked.date_week,
        {{ date_key('ranked.date_week') }} as date_key,
        ranked.days_with_data,
        {%- for name in counts %}
        ranked.{{ name }},
        {%- endfor %}
        ranked.conversions,
        ranked.currency_code,
        ranked.spend,
        ranked.reporting_currency,
        ranked.spend_reporting,
        ranked.conversion_value_reporting,
        ranked.ctr,
        ranked.cpc_reporting,
        ranked.cpa_reporting,
        ranked.platform_roas,
        ranked.is_ranked,
        ranked.ads_ranked,
        ranked.rank_by_ctr,
        ranked.rank_by_roas,
        ranked.week_number,
        ranked.impressions_to_date,
        ranked.first_ctr,
        ranked.ctr_change,
        ranked.ctr_change_z,
        case
            when not ranked.is_ranked then 'too_few_impressions'
            when ranked.ranked_weeks_before < 2 then 'new'
            when ranked.ctr_change is null or ranked.ctr_change_z is null then 'unknown'
            when ranked.ctr_change_z < -1.96 and ranked.ctr_change <= -{{ var('creative_fatigue_drop') }} then 'fatigued'
            when ranked.ctr_change_z < -1.96 then 'declining'
            else 'steady'
        end as fatigue
    from ranked
    left join {{ ref('dim_ads') }} as ads
        on ranked.connection_id = ads.connection_id and ranked.ad_key = ads.ad_key and ads.is_current
)

select * from named
