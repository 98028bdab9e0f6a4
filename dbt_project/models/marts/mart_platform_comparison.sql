{{ config(key=['organization_id', 'platform', 'date_day'], order_by=['organization_id', 'date_day', 'platform']) }}

-- What a platform claims beside what the shop confirms: orders whose last visit came from it. Revenue that
-- no platform brought stands under `unattributed`, so that the rows of a day add up to all of it. What no rate
-- converts stands beside the sums; a ratio or a difference that lacks a part is null.

{% set sources = {
    'fact_orders': state_of('fact_orders'),
    'fact_refunds': state_of('fact_refunds'),
    'fact_web_source_daily': state_of('fact_web_source_daily'),
    'fact_web_conversions': state_of('fact_web_conversions'),
    'shop_days': ref('int_shop_days'),
} %}

{% set claim = ['unconverted_conversion_value', 'unconverted_spend'] %}

{% set mail_measures = ['emails_sent', 'emails_delivered', 'email_opens', 'email_clicks', 'email_orders', 'email_revenue_reporting'] %}

{% set sales_measures = ['leads', 'leads_converted', 'deals_created', 'deals_won', 'deal_amount_won_reporting'] %}

{% set expected_finals = {
    'spend': ('spend_reporting', 'expected_final_spend_reporting'),
    'conversions': ('conversions', 'expected_final_conversions'),
    'conversion_value': ('conversion_value_reporting', 'expected_final_platform_conversion_value_reporting'),
} %}
{% set bounds = ['', '_low', '_high'] %}

{% set placed_days %}
select organization_id, platform, date_day from {{ state_of('fact_campaign_performance') }}
union
select organization_id, attributed_platform as platform, date_day from {{ ref('fact_orders') }}
union
select organization_id, attributed_platform as platform, date_day from {{ ref('fact_refunds') }}
union
select organization_id, attributed_platform as platform, date_day from {{ ref('fact_web_source_daily') }}
union
select organization_id, attributed_platform as platform, date_day from {{ ref('fact_web_conversions') }}
union
select organization_id, 'unattributed' as platform, date_day from {{ ref('int_shop_days') }}
union
select organization_id, platform, date_day from {{ ref('int_email_totals') }}
union
select organization_id, platform, date_day from {{ ref('int_affiliate_totals') }}
union
select organization_id, attributed_platform as platform, date_day from {{ ref('int_sales_days') }}
{% endset %}

with

dirty_keys as (
    {% call dirty_keys() %}
    -- All orders of a day, or that it had none, show whether a platform that brought none had a shop to bring them to.
    select
        organization_id,
        platform,
        date_day,
        {{ set_fingerprint(['source', 'connection_id', 'fingerprint']) }} as fingerprint
    from (
        select organization_id, platform, date_day, 'campaigns' as source, connection_id, fingerprint
        from {{ state_of('fact_campaign_performance') }}
        union all
        select organization_id, platform, date_day, 'settling' as source, connection_id, fingerprint
        from {{ ref('int_settling_days') }}
        union all
        select organization_id, platform, date_day, 'mail' as source, connection_id, fingerprint
        from {{ ref('int_email_totals') }}
        union all
        select organization_id, platform, date_day, 'partners' as source, connection_id, fingerprint
        from {{ ref('int_affiliate_totals') }}
        union all
        select organization_id, attributed_platform as platform, date_day, 'sales' as source, connection_id, fingerprint
        from {{ ref('int_sales_days') }}
        union all
        select placed.organization_id, placed.platform, placed.date_day, whole.source, whole.connection_id, whole.fingerprint
        from (
            {{ placed_days }}
        ) as placed
        inner join (
            {%- for source, states in sources.items() %}
            select organization_id, date_day, '{{ source }}' as source, connection_id, fingerprint
            from {{ states }}
            union all
            {%- endfor %}
            select organization_id, date_day, 'complete' as source, '' as connection_id, cast(is_complete as varchar) as fingerprint
            from {{ ref('int_organization_days') }}
        ) as whole
            on placed.organization_id = whole.organization_id and placed.date_day = whole.date_day
    ) as days
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

claimed as (
    select
        organization_id,
        platform,
        date_day,
        max(reporting_currency) as reporting_currency,
        count(distinct connection_id) as accounts,
        count(distinct case when impressions > 0 or spend > 0 then campaign_key end) as active_campaigns,
        try_cast(sum(impressions) as bigint) as impressions,
        try_cast(sum(clicks) as bigint) as clicks,
        try_cast(sum(conversions) as decimal(24, 6)) as conversions,
        {{ known_sum('spend_reporting', 'spend') }} as spend_reporting,
        {{ exact_sum('conversion_value_reporting') }} as platform_conversion_value_reporting,
        cast(null as decimal(24, 6)) as pending_spend_reporting
    from facts
    group by organization_id, platform, date_day
    union all
    -- A partner program has no campaigns: its spend is what partners are paid.
    select
        totals.organization_id,
        totals.platform,
        totals.date_day,
        max(totals.reporting_currency) as reporting_currency,
        count(distinct totals.connection_id) as accounts,
        0 as active_campaigns,
        cast(null as bigint) as impressions,
        {{ exact_sum('totals.clicks', 'bigint') }} as clicks,
        {{ exact_sum('totals.conversions') }} as conversions,
        {{ known_sum('totals.spend_reporting', 'totals.spend') }} as spend_reporting,
        {{ exact_sum('totals.conversion_value_reporting') }} as platform_conversion_value_reporting,
        {{ known_sum('totals.pending_spend_reporting', 'totals.pending_spend') }} as pending_spend_reporting
    from {{ ref('int_affiliate_totals') }} as totals
    inner join dirty_keys
        on
            totals.organization_id = dirty_keys.organization_id
            and totals.platform = dirty_keys.platform
            and totals.date_day = dirty_keys.date_day
    group by totals.organization_id, totals.platform, totals.date_day
),

by_account as (
    select
        organization_id,
        platform,
        connection_id,
        date_day,
        {%- for column, _ in expected_finals.values() %}
        {{ exact_sum(column) }} as {{ column }}{{ "," if not loop.last }}
        {%- endfor %}
    from facts
    group by organization_id, platform, connection_id, date_day
),

-- What each account's day comes to, as settlement was learnt; their bounds are added, so that those of several accounts are wide.
expected as (
    select
        by_account.organization_id,
        by_account.platform,
        by_account.date_day,
        {%- for metric, (column, name) in expected_finals.items() %}
        {%- for bound in bounds %}
        {%- set final = expected_final('by_account.' ~ column, 'settling.' ~ metric ~ '_final_factor' ~ bound, 'settling.connection_id is null') %}
        case when count(by_account.{{ column }}) = count({{ final }}) then {{ exact_sum(final) }} end as {{ name }}{{ bound }},
        {%- endfor %}
        {%- endfor %}
        min(case when settling.is_settled or settling.connection_id is null then 1 else 0 end) = 1 as is_settled
    from by_account
    left join {{ ref('int_settling_days') }} as settling
        on by_account.connection_id = settling.connection_id and by_account.date_day = settling.date_day
    group by by_account.organization_id, by_account.platform, by_account.date_day
),

mailed as (
    select
        totals.organization_id,
        totals.platform,
        totals.date_day,
        max(totals.reporting_currency) as reporting_currency,
        count(distinct totals.connection_id) as accounts,
        try_cast(sum(totals.emails_sent) as bigint) as emails_sent,
        try_cast(sum(totals.emails_delivered) as bigint) as emails_delivered,
        try_cast(sum(totals.email_opens) as bigint) as email_opens,
        try_cast(sum(totals.email_clicks) as bigint) as email_clicks,
        try_cast(sum(totals.email_orders) as bigint) as email_orders,
        {{ exact_sum('totals.email_revenue_reporting') }} as email_revenue_reporting
    from {{ ref('int_email_totals') }} as totals
    inner join dirty_keys
        on
            totals.organization_id = dirty_keys.organization_id
            and totals.platform = dirty_keys.platform
            and totals.date_day = dirty_keys.date_day
    group by totals.organization_id, totals.platform, totals.date_day
),

sold as (
    select
        sales.organization_id,
        sales.attributed_platform as platform,
        sales.date_day,
        max(sales.reporting_currency) as reporting_currency,
        {%- for name in sales_measures if not name.endswith('_reporting') %}
        try_cast(sum(sales.{{ name }}) as bigint) as {{ name }},
        {%- endfor %}
        {{ exact_sum('sales.deal_amount_won_reporting') }} as deal_amount_won_reporting
    from {{ ref('int_sales_days') }} as sales
    inner join dirty_keys
        on
            sales.organization_id = dirty_keys.organization_id
            and sales.attributed_platform = dirty_keys.platform
            and sales.date_day = dirty_keys.date_day
    group by sales.organization_id, sales.attributed_platform, sales.date_day
),

claims as (
    select
        coalesce(claimed.organization_id, mailed.organization_id, sold.organization_id) as organization_id,
        coalesce(claimed.platform, mailed.platform, sold.platform) as platform,
        coalesce(claimed.date_day, mailed.date_day, sold.date_day) as date_day,
        coalesce(claimed.reporting_currency, mailed.reporting_currency, sold.reporting_currency) as reporting_currency,
        coalesce(claimed.accounts, mailed.accounts) as accounts,
        claimed.active_campaigns,
        claimed.impressions,
        claimed.clicks,
        claimed.conversions,
        claimed.spend_reporting,
        claimed.platform_conversion_value_reporting,
        claimed.pending_spend_reporting,
        {%- for name in mail_measures %}
        mailed.{{ name }},
        {%- endfor %}
        {%- for name in sales_measures %}
        sold.{{ name }}{{ "," if not loop.last }}
        {%- endfor %}
    from claimed
    full outer join mailed
        on
            claimed.organization_id = mailed.organization_id
            and claimed.platform = mailed.platform
            and claimed.date_day = mailed.date_day
    full outer join sold
        on
            coalesce(claimed.organization_id, mailed.organization_id) = sold.organization_id
            and coalesce(claimed.platform, mailed.platform) = sold.platform
            and coalesce(claimed.date_day, mailed.date_day) = sold.date_day
),

dirty_days as (
    select distinct organization_id, date_day from dirty_keys
),

shop_documents as (
    {{ shop_documents(
        ['organization_id', 'date_day'], ['organization_id', 'attributed_platform', 'date_day'], keys='dirty_days',
    ) }}
),

confirmed as (
    select
        shop_documents.organization_id,
        shop_documents.attributed_platform as platform,
        shop_documents.date_day,
        max(shop_documents.reporting_currency) as reporting_currency,
        try_cast(sum(shop_documents.orders) as bigint) as shop_orders,
        try_cast(sum(shop_documents.new_customers) as bigint) as shop_new_customers,
        {{ known_sum('shop_documents.gross_revenue_reporting', 'shop_documents.gross_revenue') }} as shop_gross_revenue_reporting,
        {{ known_sum('shop_documents.all_refunds_reporting', 'shop_documents.all_refunds') }} as shop_refunds_reporting,
        {{ known_sum('shop_documents.net_revenue_reporting', 'shop_documents.net_revenue') }} as shop_net_revenue_reporting
    from shop_documents
    inner join dirty_keys
        on
            shop_documents.organization_id = dirty_keys.organization_id
            and shop_documents.attributed_platform = dirty_keys.platform
            and shop_documents.date_day = dirty_keys.date_day
    group by shop_documents.organization_id, shop_documents.attributed_platform, shop_documents.date_day
),

visited as (
    select
        visits.organization_id,
        visits.attributed_platform as platform,
        visits.date_day,
        max(visits.reporting_currency) as reporting_currency,
        try_cast(sum(visits.sessions) as bigint) as daily_sessions
    from {{ ref('fact_web_source_daily') }} as visits
    inner join dirty_keys
        on
            visits.organization_id = dirty_keys.organization_id
            and visits.attributed_platform = dirty_keys.platform
            and visits.date_day = dirty_keys.date_day
    group by visits.organization_id, visits.attributed_platform, visits.date_day
),

credited as (
    select
        credits.organization_id,
        credits.attributed_platform as platform,
        credits.date_day,
        max(credits.reporting_currency) as reporting_currency,
        try_cast(sum(credits.key_events) as decimal(24, 6)) as key_events,
        {{ whole_sum('credits.event_revenue_reporting') }} as analytics_revenue_reporting
    from {{ ref('fact_web_conversions') }} as credits
    inner join dirty_keys
        on
            credits.organization_id = dirty_keys.organization_id
            and credits.attributed_platform = dirty_keys.platform
            and credits.date_day = dirty_keys.date_day
    group by credits.organization_id, credits.attributed_platform, credits.date_day
),

-- What analytics saw of a platform, and what it credits it with: a visit may be credited on another day.
seen as (
    select
        coalesce(visited.organization_id, credited.organization_id) as organization_id,
        coalesce(visited.platform, credited.platform) as platform,
        coalesce(visited.date_day, credited.date_day) as date_day,
        coalesce(visited.reporting_currency, credited.reporting_currency) as reporting_currency,
        visited.daily_sessions,
        credited.key_events,
        credited.analytics_revenue_reporting
    from visited
    full outer join credited
        on
            visited.organization_id = credited.organization_id
            and visited.platform = credited.platform
            and visited.date_day = credited.date_day
),

-- On a day that the shops have documents of, or are known to have none of, a platform without any has none.
shop_days as (
    select distinct organization_id, date_day from shop_documents
),

summed as (
    select
        coalesce(claims.organization_id, confirmed.organization_id, seen.organization_id) as organization_id,
        coalesce(claims.platform, confirmed.platform, seen.platform) as platform,
        coalesce(claims.date_day, confirmed.date_day, seen.date_day) as date_day,
        {{ date_key('coalesce(claims.date_day, confirmed.date_day, seen.date_day)') }} as date_key,
        coalesce(claims.reporting_currency, confirmed.reporting_currency, seen.reporting_currency) as reporting_currency,
        coalesce(claims.accounts, 0) as accounts,
        coalesce(claims.active_campaigns, 0) as active_campaigns,
        claims.impressions,
        claims.clicks,
        claims.conversions,
        claims.spend_reporting,
        claims.platform_conversion_value_reporting,
        case when confirmed.platform is not null then confirmed.shop_orders when shop_days.date_day is not null then 0 end as shop_orders,
        case when confirmed.platform is not null then confirmed.shop_new_customers when shop_days.date_day is not null then 0 end as shop_new_customers,
        case when confirmed.platform is not null then confirmed.shop_gross_revenue_reporting when shop_days.date_day is not null then 0 end as shop_gross_revenue_reporting,
        case when confirmed.platform is not null then confirmed.shop_refunds_reporting when shop_days.date_day is not null then 0 end as shop_refunds_reporting,
        case when confirmed.platform is not null then confirmed.shop_net_revenue_reporting when shop_days.date_day is not null then 0 end as shop_net_revenue_reporting,
        {%- for name in mail_measures + sales_measures %}
        claims.{{ name }},
        {%- endfor %}
        seen.daily_sessions,
        seen.key_events,
        seen.analytics_revenue_reporting,
        claims.pending_spend_reporting
    from claims
    full outer join confirmed
        on
            claims.organization_id = confirmed.organization_id
            and claims.platform = confirmed.platform
            and claims.date_day = confirmed.date_day
    full outer join seen
        on
            coalesce(claims.organization_id, confirmed.organization_id) = seen.organization_id
            and coalesce(claims.platform, confirmed.platform) = seen.platform
            and coalesce(claims.date_day, confirmed.date_day) = seen.date_day
    left join shop_days
        on
            coalesce(claims.organization_id, confirmed.organization_id, seen.organization_id) = shop_days.organization_id
            and coalesce(claims.date_day, confirmed.date_day, seen.date_day) = shop_days.date_day
),

unconverted as (
    {{ unconverted_texts(
        ref('mart_unconverted_amounts'), ['organization_id', 'attributed_platform', 'date_day'],
        ['spend', 'conversion_value', 'gross_revenue', 'refunds', 'net_revenue', 'email_revenue', 'pending_spend', 'deal_amount_won'],
    ) }}
),

with_texts as (
    select
        summed.*,
        unconverted.unconverted_spend,
        unconverted.unconverted_conversion_value,
        unconverted.unconverted_gross_revenue as unconverted_shop_gross_revenue,
        unconverted.unconverted_refunds as unconverted_shop_refunds,
        unconverted.unconverted_net_revenue as unconverted_shop_net_revenue,
        unconverted.unconverted_email_revenue,
        unconverted.unconverted_pending_spend,
        unconverted.unconverted_deal_amount_won
    from summed
    left join unconverted
        on
            summed.organization_id = unconverted.organization_id
            and summed.platform = unconverted.attributed_platform
            and summed.date_day = unconverted.date_day
),

compared as (
    select
        *,
        {{ ratio('clicks', 'impressions') }} as ctr,
        {{ if_converted(ratio('spend_reporting', 'clicks'), ['unconverted_spend']) }} as cpc_reporting,
        {{ if_converted(cpm('spend_reporting', 'impressions'), ['unconverted_spend']) }} as cpm_reporting,
        {{ if_converted(ratio('spend_reporting', 'conversions'), ['unconverted_spend']) }} as cpa_reporting,
        {{ if_converted(ratio('spend_reporting', 'leads'), ['unconverted_spend']) }} as cost_per_lead_reporting,
        {{ if_converted(ratio('platform_conversion_value_reporting', 'spend_reporting'), claim) }} as platform_roas,
        {{ if_converted('try_cast(platform_conversion_value_reporting - spend_reporting as decimal(24, 6))', claim) }} as platform_profit_reporting,
        {{ if_converted(ratio('(platform_conversion_value_reporting - spend_reporting)', 'platform_conversion_value_reporting'), claim) }} as platform_margin,
        {{ if_converted(ratio('shop_net_revenue_reporting', 'spend_reporting'), ['unconverted_shop_net_revenue', 'unconverted_spend']) }} as shop_roas,
        {{ if_converted(
            ratio('platform_conversion_value_reporting', 'shop_net_revenue_reporting'), ['unconverted_conversion_value', 'unconverted_shop_net_revenue'],
        ) }} as claimed_to_confirmed
    from with_texts
),

marked as (
    select
        compared.*,
        coalesce(whole_days.is_complete, false) as is_complete,
        expected.is_settled{% for _, name in expected_finals.values() %}{% for bound in bounds %},
        expected.{{ name }}{{ bound }}{% endfor %}{% endfor %}
    from compared
    left join expected
        on
            compared.organization_id = expected.organization_id
            and compared.platform = expected.platform
            and compared.date_day = expected.date_day
    left join {{ ref('int_organization_days') }} as whole_days
        on compared.organization_id = whole_days.organization_id and compared.date_day = whole_days.date_day
)

select * from marked
