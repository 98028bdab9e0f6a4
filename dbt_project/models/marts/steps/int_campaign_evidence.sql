-- All orders, visits and spend of a month by what names their campaign, and the campaign that this comes to. Nothing is left out: what
-- names none has its row too, without a campaign.

{% set words = ['utm_source', 'utm_medium', 'utm_campaign', 'utm_term', 'utm_content', 'landing_campaign_id', 'click_id_type'] %}
{% set measures = {'orders': 'bigint', 'gross_revenue_reporting': 'decimal(24, 6)', 'sessions': 'bigint', 'spend_reporting': 'decimal(24, 6)'} %}

with

campaign_channels as (
    select
        campaign_key,
        min(channel) as channel
    from {{ ref('dim_campaigns') }}
    where is_current
    group by campaign_key
),

ordered as (
    select
        orders.organization_id,
        'order' as evidence_type,
        cast(date_trunc('month', orders.date_day) as date) as date_month,
        coalesce(clicks.channel, orders.channel) as channel,
        coalesce(clicks.platform, orders.attributed_platform) as attributed_platform,
        {%- for word in words %}
        orders.{{ word }},
        {%- endfor %}
        case when clicks.click_id is not null then 'click_id' else orders.campaign_match end as method,
        coalesce(clicks.campaign_key, orders.campaign_key) as campaign_key,
        case when clicks.click_id is not null then 1 else orders.campaign_candidates end as campaign_candidates,
        case when orders.order_type = 'sale' then 1 else 0 end as orders,
        orders.net_amount_reporting as gross_revenue_reporting,
        0 as sessions,
        cast(0 as decimal(24, 6)) as spend_reporting,
        orders._sync_id
    from {{ ref('fact_orders') }} as orders
    left join {{ ref('int_clicked_campaigns') }} as clicks
        on orders.organization_id = clicks.organization_id and orders.click_id = clicks.click_id
    where orders.is_counted
),

visited as (
    select
        visits.organization_id,
        visits.evidence_type,
        visits.date_month,
        case when campaigns.channel = 'unattributed' then visits.visit_channel else campaigns.channel end as channel,
        campaigns.attributed_platform,
        {%- for word in words %}
        visits.{{ word }},
        {%- endfor %}
        campaigns.campaign_match as method,
        campaigns.campaign_key,
        campaigns.campaign_candidates,
        0 as orders,
        cast(0 as decimal(24, 6)) as gross_revenue_reporting,
        visits.sessions,
        cast(0 as decimal(24, 6)) as spend_reporting,
        visits._sync_id
    from {{ ref('int_visit_words') }} as visits
    inner join {{ ref('int_visit_campaigns') }} as campaigns
        on
            visits.organization_id = campaigns.organization_id
            and visits.channel_words = campaigns.channel_words
            and visits.campaign_words = campaigns.campaign_words
),

spent as (
    select
        stats.organization_id,
        'spend' as evidence_type,
        cast(date_trunc('month', stats.date_day) as date) as date_month,
        coalesce(campaign_channels.channel, 'unattributed') as channel,
        stats.platform as attributed_platform,
        {%- for word in words %}
        {{ unreported('varchar') }} as {{ word }},
        {%- endfor %}
        'own_id' as method,
        stats.campaign_key,
        1 as campaign_candidates,
        0 as orders,
        cast(0 as decimal(24, 6)) as gross_revenue_reporting,
        0 as sessions,
        stats.spend_reporting,
        stats._sync_id
    from {{ ref('fact_campaign_performance') }} as stats
    left join campaign_channels on stats.campaign_key = campaign_channels.campaign_key
    union all
    -- What partners cost belongs to no campaign.
    select
        organization_id,
        'spend' as evidence_type,
        cast(date_trunc('month', date_day) as date) as date_month,
        channel,
        platform as attributed_platform,
        {%- for word in words %}
        {{ unreported('varchar') }} as {{ word }},
        {%- endfor %}
        'none' as method,
        {{ unreported('varchar') }} as campaign_key,
        0 as campaign_candidates,
        0 as orders,
        cast(0 as decimal(24, 6)) as gross_revenue_reporting,
        0 as sessions,
        spend_reporting,
        {{ unreported('varchar') }} as _sync_id
    from {{ ref('int_affiliate_totals') }}
),

unioned as (
    select * from ordered
    union all
    select * from visited
    union all
    select * from spent
),

summed as (
    select
        organization_id,
        evidence_type,
        date_month,
        channel,
        attributed_platform,
        {%- for word in words %}
        {{ word }},
        {%- endfor %}
        method,
        campaign_key,
        {%- for measure, type in measures.items() %}
        {{ exact_sum(measure, type) }} as {{ measure }},
        {%- endfor %}
        max(campaign_candidates) as campaign_candidates,
        max(_sync_id) as _sync_id
    from unioned
    group by
        organization_id, evidence_type, date_month, channel, attributed_platform, {{ words | join(', ') }}, method, campaign_key
)

select * from summed
