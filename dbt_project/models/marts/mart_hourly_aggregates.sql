{{ config(key=['organization_id', 'date_utc'], order_by=['organization_id', 'hour_at', 'channel', 'metric']) }}

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
    -- An account's day touches the UTC day before it, its own and the one after.
    select
        organization_id,
        date_utc,
        {{ set_fingerprint(['connection_id', 'date_day', 'fingerprint']) }} as fingerprint
    from (
        select
            *,
            {{ each_date(add_days('date_day', -1), add_days('date_day', 1)) }} as date_utc
        from {{ ref('int_campaign_hour_days') }}
    ) as touched
    group by organization_id, date_utc
    {% endcall %}
),

facts as (
    select performance.*
    from {{ ref('fact_campaign_performance_hourly') }} as performance
    inner join dirty_keys
        on
            performance.organization_id = dirty_keys.organization_id
            and cast(performance.hour_at as date) = dirty_keys.date_utc
            and performance.date_day between {{ add_days('dirty_keys.date_utc', -1) }} and {{ add_days('dirty_keys.date_utc', 1) }}
),

campaigns as (
    select * from {{ ref('dim_campaigns') }}
),

placed as (
    select
        facts.*,
        coalesce(campaigns.channel, 'unattributed') as channel
    from facts
    left join campaigns
        on
            facts.campaign_key = campaigns.campaign_key
            and facts.date_day >= campaigns.valid_from
            and facts.date_day < campaigns.valid_to
),

summed as (
    select
        organization_id,
        channel,
        hour_at,
        max(reporting_currency) as reporting_currency,
        {%- for metric, column in metrics.items() %}
        {{ known_sum(column, metric) }} as {{ metric }}{{ "," if not loop.last }}
        {%- endfor %}
    from placed
    group by organization_id, channel, hour_at
),

unconverted_amounts as (
    {%- for measure in ['spend', 'conversion_value'] %}
    select
        organization_id,
        channel,
        hour_at,
        '{{ measure }}' as measure,
        coalesce(currency_code, 'unknown') as currency_code,
        {{ measure }} as amount
    from placed
    where {{ measure }} <> 0 and {{ measure }}_reporting is null
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

unconverted as (
    {{ unconverted_by_measure('unconverted_amounts', ['organization_id', 'channel', 'hour_at']) }}
),

long as (
    {%- for metric, column in metrics.items() %}
    select
        organization_id,
        channel,
        '{{ metric }}' as metric,
        hour_at,
        cast(hour_at as date) as date_utc,
        {{ 'reporting_currency' if column.endswith('_reporting') else unreported('varchar') }} as currency_code,
        {{ metric }} as value
    from summed
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

marked as (
    select
        long.*,
        unconverted.unconverted
    from long
    left join unconverted
        on
            long.organization_id = unconverted.organization_id
            and long.channel = unconverted.channel
            and long.metric = unconverted.measure
            and long.hour_at = unconverted.hour_at
)

select * from marked
