{{ config(key=['organization_id', 'date_day'], order_by=['organization_id', 'date_day', 'channel', 'metric']) }}

-- Additive metrics only; what has a ratio is computed from them, never stored here.

{% set metrics = {
    'impressions': 'impressions',
    'clicks': 'clicks',
    'conversions': 'conversions',
    'spend': 'spend_reporting',
    'conversion_value': 'conversion_value_reporting',
} %}

with

dirty_keys as (
    {% call dirty_keys() %}
    select
        organization_id,
        date_day,
        {{ set_fingerprint(['connection_id', 'fingerprint']) }} as fingerprint
    from {{ ref('int_campaign_days') }}
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

summed as (
    select
        facts.organization_id,
        coalesce(campaigns.channel, 'unattributed') as channel,
        facts.date_day,
        max(facts.reporting_currency) as reporting_currency,
        {%- for metric, column in metrics.items() %}
        {{ whole_sum('facts.' ~ column) }} as {{ metric }}{{ "," if not loop.last }}
        {%- endfor %}
    from facts
    left join campaigns
        on
            facts.campaign_key = campaigns.campaign_key
            and facts.date_day >= campaigns.valid_from
            and facts.date_day < campaigns.valid_to
    group by facts.organization_id, coalesce(campaigns.channel, 'unattributed'), facts.date_day
),

long as (
    {%- for metric, column in metrics.items() %}
    select
        organization_id,
        channel,
        '{{ metric }}' as metric,
        date_day,
        {{ date_key('date_day') }} as date_key,
        {{ 'reporting_currency' if column.endswith('_reporting') else unreported('varchar') }} as currency_code,
        {{ metric }} as value
    from summed
    {{ "union all" if not loop.last }}
    {%- endfor %}
)

select * from long
