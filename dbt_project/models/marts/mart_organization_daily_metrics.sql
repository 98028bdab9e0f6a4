{{ config(key=['organization_id', 'date_day']) }}

-- A day depends on itself, on the day a week before it and on the same weekday a year (364 days)
-- before it. Partners show nothing, so they are in no ratio of impressions. What no rate converts stands beside the sums; a ratio or an earlier day that lacks a part is null.

{% set compared_with = {'previous_week': 7, 'previous_year': 364} %}
{% set compared = [
    'spend_reporting', 'conversions', 'platform_conversion_value_reporting', 'orders', 'net_revenue_reporting',
] %}
{% set unconverted = {
    'spend_reporting': 'unconverted_spend',
    'platform_conversion_value_reporting': 'unconverted_conversion_value',
    'gross_revenue_reporting': 'unconverted_gross_revenue',
    'refunds_reporting': 'unconverted_refunds',
    'net_revenue_reporting': 'unconverted_net_revenue',
    'email_revenue_reporting': 'unconverted_email_revenue',
    'pending_spend_reporting': 'unconverted_pending_spend',
} %}
{% set ratios = {
    'cpc_reporting': (ratio('daily.spend_reporting', 'daily.clicks'), ['daily.unconverted_spend']),
    'cpm_reporting': (cpm('(daily.spend_reporting - coalesce(daily.partner_spend_reporting, 0))', 'daily.impressions'), ['daily.unconverted_spend']),
    'cpa_reporting': (ratio('daily.spend_reporting', 'daily.conversions'), ['daily.unconverted_spend']),
    'platform_roas': (ratio('daily.platform_conversion_value_reporting', 'daily.spend_reporting'), ['daily.unconverted_conversion_value', 'daily.unconverted_spend']),
    'mer': (ratio('daily.net_revenue_reporting', 'daily.spend_reporting'), ['daily.unconverted_net_revenue', 'daily.unconverted_spend']),
    'aov_reporting': (ratio('daily.gross_revenue_reporting', 'daily.orders'), ['daily.unconverted_gross_revenue']),
    'cac_reporting': (ratio('daily.spend_reporting', 'daily.new_customers'), ['daily.unconverted_spend']),
} %}
{% set sources = {
    'fact_campaign_performance': state_of('fact_campaign_performance'),
    'fact_orders': state_of('fact_orders'),
    'fact_refunds': state_of('fact_refunds'),
    'fact_web_daily': state_of('fact_web_daily'),
    'shop_days': ref('int_shop_days'),
    'mail': ref('int_email_totals'),
    'partners': ref('int_affiliate_totals'),
} %}
{% set mail_measures = ['emails_sent', 'emails_delivered', 'email_opens', 'email_clicks', 'email_orders', 'email_revenue_reporting'] %}

with

dirty_keys as (
    {% call dirty_keys() %}
    select
        organization_id,
        date_day,
        {{ set_fingerprint(['source', 'days_before', 'connection_id', 'fingerprint']) }} as fingerprint
    from (
        {%- for source, states in sources.items() %}
        select organization_id, date_day, '{{ source }}' as source, 0 as days_before, connection_id, fingerprint
        from {{ states }}
        {%- for days in compared_with.values() %}
        union all
        select organization_id, {{ add_days('date_day', days) }} as date_day, '{{ source }}' as source, {{ days }} as days_before, connection_id, fingerprint
        from {{ states }}
        {%- endfor %}
        union all
        {%- endfor %}
        select organization_id, date_day, 'complete' as source, 0 as days_before, '' as connection_id, {{ row_text(['is_complete', 'country_code', 'is_holiday', 'holiday_names']) }} as fingerprint
        from {{ ref('int_organization_days') }}
        union all
        select organization_id, date_day, 'settling' as source, 0 as days_before, connection_id, cast(is_settled as varchar) as fingerprint
        from {{ ref('int_settling_days') }}
    ) as depended_on
    group by organization_id, date_day
    having min(days_before) = 0
    {% endcall %}
),

wanted as (
    select organization_id, date_day from dirty_keys
    {%- for days in compared_with.values() %}
    union
    select organization_id, {{ add_days('date_day', -days) }} as date_day from dirty_keys
    {%- endfor %}
),

facts as (
    select performance.*
    from {{ ref('fact_campaign_performance') }} as performance
    inner join wanted
        on
            performance.organization_id = wanted.organization_id
            and performance.date_day = wanted.date_day
),

partners as (
    select totals.*
    from {{ ref('int_affiliate_totals') }} as totals
    inner join wanted
        on totals.organization_id = wanted.organization_id and totals.date_day = wanted.date_day
),

-- What campaigns and partners cost and brought: a partner program has no campaigns.
bought as (
    select
        organization_id,
        platform,
        date_day,
        reporting_currency,
        case when impressions > 0 or spend > 0 then campaign_key end as active_campaign_key,
        impressions,
        clicks,
        conversions,
        spend,
        spend_reporting,
        conversion_value_reporting,
        cast(null as decimal(24, 6)) as pending_spend_reporting,
        cast(null as bigint) as partner_clicks,
        cast(null as decimal(24, 6)) as partner_spend_reporting
    from facts
    union all
    select
        organization_id,
        platform,
        date_day,
        reporting_currency,
        cast(null as varchar) as active_campaign_key,
        cast(null as bigint) as impressions,
        clicks,
        conversions,
        spend,
        spend_reporting,
        conversion_value_reporting,
        pending_spend_reporting,
        clicks as partner_clicks,
        spend_reporting as partner_spend_reporting
    from partners
),

claimed as (
    select
        organization_id,
        date_day,
        max(reporting_currency) as reporting_currency,
        count(distinct platform) as platforms,
        count(distinct active_campaign_key) as active_campaigns,
        try_cast(sum(impressions) as bigint) as impressions,
        try_cast(sum(clicks) as bigint) as clicks,
        try_cast(sum(conversions) as decimal(24, 6)) as conversions,
        {{ known_sum('spend_reporting', 'spend') }} as spend_reporting,
        {{ exact_sum('conversion_value_reporting') }} as platform_conversion_value_reporting,
        {{ exact_sum('pending_spend_reporting') }} as pending_spend_reporting,
        {{ exact_sum('partner_clicks', 'bigint') }} as partner_clicks,
        {{ exact_sum('partner_spend_reporting') }} as partner_spend_reporting
    from bought
    group by organization_id, date_day
),

shop_documents as (
    {{ shop_documents(['organization_id', 'date_day'], ['organization_id', 'date_day'], keys='wanted') }}
),

confirmed as (
    select
        organization_id,
        date_day,
        max(reporting_currency) as reporting_currency,
        try_cast(sum(orders) as bigint) as orders,
        try_cast(sum(new_customers) as bigint) as new_customers,
        try_cast(sum(orders_of_unknown_customers) as bigint) as orders_of_unknown_customers,
        try_cast(sum(units) as decimal(24, 6)) as units,
        {{ known_sum('gross_revenue_reporting', 'gross_revenue') }} as gross_revenue_reporting,
        {{ known_sum('all_refunds_reporting', 'all_refunds') }} as refunds_reporting,
        {{ known_sum('net_revenue_reporting', 'net_revenue') }} as net_revenue_reporting
    from shop_documents
    group by organization_id, date_day
),

seen as (
    select
        visits.organization_id,
        visits.date_day,
        max(visits.reporting_currency) as reporting_currency,
        count(distinct visits.connection_id) as analytics_properties,
        try_cast(sum(visits.sessions) as bigint) as daily_sessions,
        try_cast(sum(visits.transactions) as bigint) as analytics_transactions,
        {{ whole_sum('visits.purchase_revenue_reporting') }} as analytics_revenue_reporting
    from {{ ref('fact_web_daily') }} as visits
    inner join wanted
        on visits.organization_id = wanted.organization_id and visits.date_day = wanted.date_day
    group by visits.organization_id, visits.date_day
),

unconverted as (
    {{ unconverted_texts(
        ref('mart_unconverted_amounts'), ['organization_id', 'date_day'],
        ['spend', 'conversion_value', 'gross_revenue', 'refunds', 'net_revenue', 'email_revenue', 'pending_spend'],
    ) }}
),

mailed as (
    select
        totals.organization_id,
        totals.date_day,
        max(totals.reporting_currency) as reporting_currency,
        try_cast(sum(totals.emails_sent) as bigint) as emails_sent,
        try_cast(sum(totals.emails_delivered) as bigint) as emails_delivered,
        try_cast(sum(totals.email_opens) as bigint) as email_opens,
        try_cast(sum(totals.email_clicks) as bigint) as email_clicks,
        try_cast(sum(totals.email_orders) as bigint) as email_orders,
        {{ exact_sum('totals.email_revenue_reporting') }} as email_revenue_reporting
    from {{ ref('int_email_totals') }} as totals
    inner join wanted
        on
            totals.organization_id = wanted.organization_id
            and totals.date_day = wanted.date_day
    group by totals.organization_id, totals.date_day
),

claims as (
    select
        coalesce(claimed.organization_id, mailed.organization_id) as organization_id,
        coalesce(claimed.date_day, mailed.date_day) as date_day,
        coalesce(claimed.reporting_currency, mailed.reporting_currency) as reporting_currency,
        claimed.platforms,
        claimed.active_campaigns,
        claimed.impressions,
        claimed.clicks,
        claimed.conversions,
        claimed.spend_reporting,
        claimed.platform_conversion_value_reporting,
        claimed.pending_spend_reporting,
        claimed.partner_clicks,
        claimed.partner_spend_reporting,
        {%- for name in mail_measures %}
        mailed.{{ name }}{{ "," if not loop.last }}
        {%- endfor %}
    from claimed
    full outer join mailed
        on claimed.organization_id = mailed.organization_id and claimed.date_day = mailed.date_day
),

summed as (
    select
        coalesce(claims.organization_id, confirmed.organization_id, seen.organization_id) as organization_id,
        coalesce(claims.date_day, confirmed.date_day, seen.date_day) as date_day,
        {{ date_key('coalesce(claims.date_day, confirmed.date_day, seen.date_day)') }} as date_key,
        coalesce(claims.reporting_currency, confirmed.reporting_currency, seen.reporting_currency) as reporting_currency,
        coalesce(claims.platforms, 0) as platforms,
        coalesce(claims.active_campaigns, 0) as active_campaigns,
        claims.impressions,
        claims.clicks,
        claims.conversions,
        claims.spend_reporting,
        claims.platform_conversion_value_reporting,
        confirmed.orders,
        confirmed.new_customers,
        confirmed.orders_of_unknown_customers,
        confirmed.units,
        confirmed.gross_revenue_reporting,
        confirmed.refunds_reporting,
        confirmed.net_revenue_reporting,
        {%- for name in mail_measures %}
        claims.{{ name }},
        {%- endfor %}
        coalesce(seen.analytics_properties, 0) as analytics_properties,
        seen.daily_sessions,
        seen.analytics_transactions,
        seen.analytics_revenue_reporting,
        claims.pending_spend_reporting,
        claims.partner_clicks,
        claims.partner_spend_reporting
    from claims
    full outer join confirmed
        on claims.organization_id = confirmed.organization_id and claims.date_day = confirmed.date_day
    full outer join seen
        on
            coalesce(claims.organization_id, confirmed.organization_id) = seen.organization_id
            and coalesce(claims.date_day, confirmed.date_day) = seen.date_day
),

daily as (
    select
        summed.*,
        {%- for text in unconverted.values() %}
        unconverted.{{ text }}{{ "," if not loop.last }}
        {%- endfor %}
    from summed
    left join unconverted
        on summed.organization_id = unconverted.organization_id and summed.date_day = unconverted.date_day
),

unsettled as (
    select distinct organization_id, date_day
    from {{ ref('int_settling_days') }}
    where not is_settled
),

metrics as (
    select
        daily.*,
        {{ ratio('(daily.clicks - coalesce(daily.partner_clicks, 0))', 'daily.impressions') }} as ctr,
        {{ ratio('daily.conversions', 'daily.clicks') }} as conversion_rate,
        {{ ratio('daily.orders', 'daily.daily_sessions') }} as shop_conversion_rate,
        {{ if_converted(ratio('daily.analytics_revenue_reporting', 'daily.gross_revenue_reporting'), ['daily.unconverted_gross_revenue']) }} as analytics_to_confirmed,
        {%- for name, (value, texts) in ratios.items() %}
        {{ if_converted(value, texts) }} as {{ name }}{{ "," if not loop.last }}
        {%- endfor %}
        {%- for name in compared_with %}
        {%- for measure in compared %},
        {{ if_converted(name ~ '.' ~ measure, [name ~ '.' ~ unconverted[measure]] if measure in unconverted else []) }} as {{ measure }}_{{ name }}
        {%- endfor %}
        {%- endfor %},
        coalesce(whole_days.is_complete, false) as is_complete,
        whole_days.country_code,
        whole_days.is_holiday as is_organization_holiday,
        whole_days.holiday_names as organization_holiday_names,
        coalesce(whole_days.is_complete, false) and unsettled.date_day is null as is_settled
    from daily
    left join {{ ref('int_organization_days') }} as whole_days
        on daily.organization_id = whole_days.organization_id and daily.date_day = whole_days.date_day
    left join unsettled
        on daily.organization_id = unsettled.organization_id and daily.date_day = unsettled.date_day
    inner join dirty_keys
        on daily.organization_id = dirty_keys.organization_id and daily.date_day = dirty_keys.date_day
    {%- for name, days in compared_with.items() %}
    left join daily as {{ name }}
        on
            daily.organization_id = {{ name }}.organization_id
            and {{ name }}.date_day = {{ add_days('daily.date_day', -days) }}
    {%- endfor %}
)

select * from metrics
