{{ config(key=['organization_id', 'date_month'], order_by=['organization_id', 'date_month', 'model', 'channel']) }}

-- What each model credits a channel with in a month, beside what the platforms claim for it and what it cost. A channel without orders, or without
-- spend, has its row too.

{% set claims = {'spend': 'spend_reporting', 'conversions': 'platform_conversions', 'conversion_value': 'platform_conversion_value_reporting'} %}

with

dirty_keys as (
    {% call dirty_keys() %}
    select
        organization_id,
        date_month,
        {{ set_fingerprint(['source', 'fingerprint']) }} as fingerprint
    from (
        select organization_id, date_month, 'credits' as source, fingerprint
        from {{ state_of('mart_attribution') }}
        union all
        select organization_id, date_month, 'claims' as source, fingerprint
        from {{ state_of('mart_monthly_aggregates') }}
        where organization_id in (select organization_id from {{ state_of('mart_attribution') }})
    ) as depended_on
    group by organization_id, date_month
    {% endcall %}
),

credited as (
    select
        attribution.organization_id,
        attribution.date_month,
        attribution.channel,
        attribution.model,
        max(attribution.reporting_currency) as reporting_currency,
        try_cast(sum(attribution.credited_orders) as decimal(24, 9)) as credited_orders,
        try_cast(sum(attribution.credited_new_customers) as decimal(24, 9)) as credited_new_customers,
        {{ whole_sum('attribution.credited_revenue_reporting') }} as credited_revenue_reporting
    from {{ ref('mart_attribution') }} as attribution
    inner join dirty_keys
        on attribution.organization_id = dirty_keys.organization_id and attribution.date_month = dirty_keys.date_month
    group by attribution.organization_id, attribution.date_month, attribution.channel, attribution.model
),

claimed as (
    select
        totals.organization_id,
        totals.date_month,
        totals.channel,
        max(totals.currency_code) as reporting_currency,
        max(case when totals.metric = 'spend' then totals.unconverted end) as unconverted_spend,
        max(case when totals.metric = 'conversion_value' then totals.unconverted end) as unconverted_conversion_value,
        {%- for metric, name in claims.items() %}
        max(case when totals.metric = '{{ metric }}' then totals.value end) as {{ name }}{{ "," if not loop.last }}
        {%- endfor %}
    from {{ ref('mart_monthly_aggregates') }} as totals
    inner join dirty_keys
        on totals.organization_id = dirty_keys.organization_id and totals.date_month = dirty_keys.date_month
    where totals.metric in ('{{ claims | join("', '") }}')
    group by totals.organization_id, totals.date_month, totals.channel
),

models as (
    {%- for model in attribution_weights() %}
    select '{{ model }}' as model
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

-- A claim belongs to no model, so it stands beside each.
rows_of_models as (
    select organization_id, date_month, channel, model from credited
    union
    select claimed.organization_id, claimed.date_month, claimed.channel, models.model
    from claimed
    cross join models
),

compared as (
    select
        listed.organization_id,
        listed.date_month,
        listed.model,
        listed.channel,
        coalesce(credited.reporting_currency, claimed.reporting_currency) as reporting_currency,
        coalesce(credited.credited_orders, 0) as credited_orders,
        coalesce(credited.credited_new_customers, 0) as credited_new_customers,
        case when credited.model is null then cast(0 as decimal(24, 6)) else credited.credited_revenue_reporting end as credited_revenue_reporting,
        claimed.spend_reporting,
        claimed.unconverted_spend,
        claimed.platform_conversions,
        claimed.platform_conversion_value_reporting,
        claimed.unconverted_conversion_value,
        effects.removal_effect
    from rows_of_models as listed
    left join credited
        on
            listed.organization_id = credited.organization_id
            and listed.date_month = credited.date_month
            and listed.channel = credited.channel
            and listed.model = credited.model
    left join claimed
        on
            listed.organization_id = claimed.organization_id
            and listed.date_month = claimed.date_month
            and listed.channel = claimed.channel
    left join {{ ref('int_removal_effects') }} as effects
        on
            listed.organization_id = effects.organization_id
            and listed.date_month = effects.date_month
            and listed.channel = effects.channel
),

rated as (
    select
        *,
        {{ if_converted(ratio('credited_revenue_reporting', 'spend_reporting'), ['unconverted_spend']) }} as credited_roas,
        {{ if_converted(ratio('spend_reporting', 'credited_new_customers'), ['unconverted_spend']) }} as credited_cac_reporting,
        {{ if_converted(ratio('platform_conversion_value_reporting', 'credited_revenue_reporting'), ['unconverted_conversion_value']) }} as claimed_to_credited
    from compared
)

select * from rated
