{{ config(key=['organization_id', 'date_day'], order_by=['organization_id', 'date_day', 'channel', 'metric']) }}

-- Additive metrics only; what has a ratio is computed from them, never stored here. Spend and what
-- platforms claim go to the campaign's channel, revenue to the order's. A metric that no account reports has no row;
-- on a day that a shop is known to have sold nothing it is 0. What no rate converts stands beside the value.
-- Visits are those of a day by the analytics platform's own channel, so that one counts once a day. A lead stands on the day on
-- which it came, a deal on the day on which it was made, won or lost, under the channel of its first lead.

{% set metrics = {
    'impressions': 'impressions',
    'clicks': 'clicks',
    'conversions': 'conversions',
    'spend': 'spend_reporting',
    'conversion_value': 'conversion_value_reporting',
    'pending_spend': 'pending_spend_reporting',
} %}
{% set shop_metrics = {
    'orders': 'orders',
    'new_customers': 'new_customers',
    'orders_of_unknown_customers': 'orders_of_unknown_customers',
    'units': 'units',
    'gross_revenue': 'gross_revenue_reporting',
    'refunds': 'all_refunds_reporting',
    'net_revenue': 'net_revenue_reporting',
    'discounts': 'discounts_reporting',
    'tax': 'tax_reporting',
    'shipping': 'shipping_reporting',
} %}
{% set web_metrics = {
    'daily_sessions': 'sessions',
    'page_views': 'page_views',
    'key_events': 'key_events',
    'analytics_transactions': 'transactions',
    'analytics_revenue': 'purchase_revenue_reporting',
} %}
{% set mail_metrics = {
    'emails_sent': 'emails_sent',
    'emails_delivered': 'emails_delivered',
    'email_opens': 'email_opens',
    'email_clicks': 'email_clicks',
    'email_unsubscribes': 'email_unsubscribes',
    'email_orders': 'email_orders',
    'email_revenue': 'email_revenue_reporting',
} %}
{% set sales_metrics = {
    'leads': 'leads',
    'leads_converted': 'leads_converted',
    'deals_created': 'deals_created',
    'deals_won': 'deals_won',
    'deals_lost': 'deals_lost',
    'deal_amount_won': 'deal_amount_won_reporting',
} %}

with

dirty_keys as (
    {% call dirty_keys() %}
    select
        organization_id,
        date_day,
        {{ set_fingerprint(['source', 'connection_id', 'fingerprint']) }} as fingerprint
    from (
        select organization_id, date_day, 'campaigns' as source, connection_id, fingerprint
        from {{ ref('int_campaign_days') }}
        union all
        select organization_id, date_day, 'orders' as source, connection_id, fingerprint
        from {{ state_of('fact_orders') }}
        union all
        select organization_id, date_day, 'refunds' as source, connection_id, fingerprint
        from {{ state_of('fact_refunds') }}
        union all
        select organization_id, date_day, 'days' as source, connection_id, fingerprint
        from {{ ref('int_shop_days') }}
        {%- for fact in ['fact_web_channel_daily', 'fact_web_daily'] %}
        union all
        select organization_id, date_day, '{{ fact }}' as source, connection_id, fingerprint
        from {{ state_of(fact) }}
        {%- endfor %}
        union all
        select organization_id, date_day, 'mail' as source, connection_id, fingerprint
        from {{ ref('int_email_totals') }}
        union all
        select organization_id, date_day, 'partners' as source, connection_id, fingerprint
        from {{ ref('int_affiliate_totals') }}
        union all
        select organization_id, date_day, 'sales' as source, connection_id, fingerprint
        from {{ ref('int_sales_days') }}
        union all
        select organization_id, date_day, 'complete' as source, '' as connection_id, cast(is_complete as varchar) as fingerprint
        from {{ ref('int_organization_days') }}
    ) as days
    group by organization_id, date_day
    {% endcall %}
),

facts as (
    select performance.*
    from {{ ref('fact_campaign_performance') }} as performance
    inner join dirty_keys
        on
            performance.organization_id = dirty_keys.organization_id
            and performance.date_day = dirty_keys.date_day
),

campaigns as (
    select * from {{ ref('dim_campaigns') }}
),

-- What campaigns and partners cost and brought: a partner program has no campaigns, and one channel.
bought as (
    select
        facts.organization_id,
        coalesce(campaigns.channel, 'unattributed') as channel,
        facts.date_day,
        facts.reporting_currency,
        facts.impressions,
        facts.clicks,
        facts.conversions,
        facts.spend,
        facts.spend_reporting,
        facts.conversion_value,
        facts.conversion_value_reporting,
        cast(null as decimal(24, 6)) as pending_spend,
        cast(null as decimal(24, 6)) as pending_spend_reporting
    from facts
    left join campaigns
        on
            facts.campaign_key = campaigns.campaign_key
            and facts.date_day >= campaigns.valid_from
            and facts.date_day < campaigns.valid_to
    union all
    select
        totals.organization_id,
        totals.channel,
        totals.date_day,
        totals.reporting_currency,
        cast(null as bigint) as impressions,
        totals.clicks,
        totals.conversions,
        totals.spend,
        totals.spend_reporting,
        totals.conversion_value,
        totals.conversion_value_reporting,
        totals.pending_spend,
        totals.pending_spend_reporting
    from {{ ref('int_affiliate_totals') }} as totals
    inner join dirty_keys
        on totals.organization_id = dirty_keys.organization_id and totals.date_day = dirty_keys.date_day
),

summed as (
    select
        organization_id,
        channel,
        date_day,
        max(reporting_currency) as reporting_currency,
        {%- for metric, column in metrics.items() %}
        count({{ metric }}) as {{ metric }}_rows,
        {{ exact_sum(column) }} as {{ metric }}{{ "," if not loop.last }}
        {%- endfor %}
    from bought
    group by organization_id, channel, date_day
),

shop_documents as (
    {{ shop_documents(['organization_id', 'date_day'], ['organization_id', 'channel', 'date_day']) }}
),

shop_summed as (
    select
        organization_id,
        channel,
        date_day,
        max(reporting_currency) as reporting_currency,
        {%- for metric, column in shop_metrics.items() %}
        {{ known_sum(column, column | replace('_reporting', '')) }} as {{ metric }}{{ "," if not loop.last }}
        {%- endfor %}
    from shop_documents
    group by organization_id, channel, date_day
),

mail_summed as (
    select
        totals.organization_id,
        totals.channel,
        totals.date_day,
        max(totals.reporting_currency) as reporting_currency,
        {%- for metric, column in mail_metrics.items() %}
        count({{ 'totals.' ~ metric }}) as {{ metric }}_rows,
        {{ exact_sum('totals.' ~ column) }} as {{ metric }}{{ "," if not loop.last }}
        {%- endfor %}
    from {{ ref('int_email_totals') }} as totals
    inner join dirty_keys
        on totals.organization_id = dirty_keys.organization_id and totals.date_day = dirty_keys.date_day
    group by totals.organization_id, totals.channel, totals.date_day
),

sales_summed as (
    select
        sales.organization_id,
        sales.channel,
        sales.date_day,
        max(sales.reporting_currency) as reporting_currency,
        {%- for metric, column in sales_metrics.items() %}
        count({{ 'sales.' ~ metric }}) as {{ metric }}_rows,
        {{ exact_sum('sales.' ~ column) }} as {{ metric }}{{ "," if not loop.last }}
        {%- endfor %}
    from {{ ref('int_sales_days') }} as sales
    inner join dirty_keys
        on sales.organization_id = dirty_keys.organization_id and sales.date_day = dirty_keys.date_day
    group by sales.organization_id, sales.channel, sales.date_day
),

web_summed as (
    select
        visits.organization_id,
        visits.channel,
        visits.date_day,
        max(visits.reporting_currency) as reporting_currency,
        {%- for metric, column in web_metrics.items() %}
        count(visits.{{ column }}) as {{ metric }}_rows,
        {{ whole_sum('visits.' ~ column) }} as {{ metric }}{{ "," if not loop.last }}
        {%- endfor %}
    from {{ ref('fact_web_channel_daily') }} as visits
    inner join dirty_keys
        on visits.organization_id = dirty_keys.organization_id and visits.date_day = dirty_keys.date_day
    group by visits.organization_id, visits.channel, visits.date_day
),

web_days as (
    select distinct organization_id, date_day from {{ ref('fact_web_daily') }}
),

-- Orders of days of which the visits are known: only these can be divided by visits.
measured as (
    select
        shop_summed.organization_id,
        shop_summed.channel,
        shop_summed.date_day,
        shop_summed.reporting_currency,
        shop_summed.orders as measured_orders
    from shop_summed
    inner join web_days
        on shop_summed.organization_id = web_days.organization_id and shop_summed.date_day = web_days.date_day
),

{% set sides = {
    'summed': metrics, 'shop_summed': shop_metrics, 'web_summed': web_metrics, 'measured': {'measured_orders': 'measured_orders'},
    'mail_summed': mail_metrics, 'sales_summed': sales_metrics,
} %}

long as (
    {%- for rows, of_rows in sides.items() %}
    {%- set last_rows = loop.last %}
    {%- for metric, column in of_rows.items() %}
    select
        organization_id,
        channel,
        '{{ metric }}' as metric,
        date_day,
        {{ date_key('date_day') }} as date_key,
        {{ 'reporting_currency' if column.endswith('_reporting') else unreported('varchar') }} as currency_code,
        {{ metric }} as value
    from {{ rows }}
    {{ "where " ~ metric ~ "_rows > 0" if rows in ["summed", "web_summed", "mail_summed", "sales_summed"] }}
    {{ "union all" if not (last_rows and loop.last) }}
    {%- endfor %}
    {%- endfor %}
),

unconverted as (
    {{ unconverted_by_measure(ref('mart_unconverted_amounts'), ['organization_id', 'channel', 'date_day']) }}
),

marked as (
    select
        long.*,
        coalesce(whole_days.is_complete, false) as is_complete,
        unconverted.unconverted
    from long
    left join unconverted
        on
            long.organization_id = unconverted.organization_id
            and long.channel = unconverted.channel
            and long.metric = unconverted.measure
            and long.date_day = unconverted.date_day
    left join {{ ref('int_organization_days') }} as whole_days
        on long.organization_id = whole_days.organization_id and long.date_day = whole_days.date_day
)

select * from marked
