{{ config(
    key=['organization_id', 'platform', 'connection_id', 'date_day'],
    order_by=['organization_id', 'date_day', 'platform', 'account_id', 'metric'],
    own_days=true,
) }}

-- Looked at again whenever the truth, the fact or the mart of a day changed, or one of them did not.

{% set metrics = ['row_count', 'impressions', 'clicks', 'spend', 'conversions', 'conversion_value'] %}

with

dirty_keys as (
    {% call dirty_keys() %}
    select
        coalesce(days.organization_id, facts.organization_id, marts.organization_id) as organization_id,
        coalesce(days.platform, facts.platform, marts.platform) as platform,
        coalesce(days.connection_id, facts.connection_id, marts.connection_id) as connection_id,
        coalesce(days.date_day, facts.date_day, marts.date_day) as date_day,
        {{ fingerprint(['days.fingerprint', 'facts.fingerprint', 'marts.fingerprint']) }} as fingerprint
    from (select * from {{ ref('int_report_days') }} where level = 'campaign_day') as days
    full outer join {{ state_of('fact_campaign_performance') }} as facts
        on days.connection_id = facts.connection_id and days.date_day = facts.date_day
    full outer join {{ state_of('mart_campaign_daily_summary') }} as marts
        on
            coalesce(days.connection_id, facts.connection_id) = marts.connection_id
            and coalesce(days.date_day, facts.date_day) = marts.date_day
    {% endcall %}
),

days as (
    select days.*
    from {{ ref('int_report_days') }} as days
    inner join dirty_keys
        on days.connection_id = dirty_keys.connection_id and days.date_day = dirty_keys.date_day
    where days.level = 'campaign_day'
),

raw_days as (
    select reported.*
    from {{ ref('int_campaign_days_raw') }} as reported
    inner join days
        on
            reported._sync_id = days.sync_id
            and reported.connection_id = days.connection_id
            and reported._chunk_id = days.chunk_id
            and reported.date_day = days.date_day
),

{%- for layer, model_name in {'fact': 'fact_campaign_performance', 'mart': 'mart_campaign_daily_summary'}.items() %}

{{ layer }}_days as (
    select
        numbers.connection_id,
        numbers.date_day,
        max(numbers.account_id) as account_id,
        count(*) as row_count,
        sum(numbers.impressions) as impressions,
        sum(numbers.clicks) as clicks,
        sum(numbers.spend) as spend,
        sum(numbers.conversions) as conversions,
        sum(numbers.conversion_value) as conversion_value
    from {{ ref(model_name) }} as numbers
    inner join dirty_keys
        on
            numbers.connection_id = dirty_keys.connection_id
            and numbers.date_day = dirty_keys.date_day
    group by numbers.connection_id, numbers.date_day
),
{%- endfor %}

side_by_side as (
    select
        dirty_keys.organization_id,
        dirty_keys.platform,
        dirty_keys.connection_id,
        coalesce(raw_days.account_id, fact_days.account_id, mart_days.account_id) as account_id,
        dirty_keys.date_day,
        {%- for metric in metrics %}
        coalesce(raw_days.{{ metric }}, 0) as raw_{{ metric }},
        coalesce(fact_days.{{ metric }}, 0) as fact_{{ metric }},
        coalesce(mart_days.{{ metric }}, 0) as mart_{{ metric }}{{ "," if not loop.last }}
        {%- endfor %}
    from dirty_keys
    left join raw_days
        on dirty_keys.connection_id = raw_days.connection_id and dirty_keys.date_day = raw_days.date_day
    left join fact_days
        on dirty_keys.connection_id = fact_days.connection_id and dirty_keys.date_day = fact_days.date_day
    left join mart_days
        on dirty_keys.connection_id = mart_days.connection_id and dirty_keys.date_day = mart_days.date_day
    -- A day that nobody has rows of has nothing to reconcile.
    where
        raw_days.connection_id is not null
        or fact_days.connection_id is not null
        or mart_days.connection_id is not null
),

by_metric as (
    {%- for metric in metrics %}
    select
        organization_id,
        platform,
        connection_id,
        account_id,
        date_day,
        {{ date_key('date_day') }} as date_key,
        '{{ metric }}' as metric,
        cast(raw_{{ metric }} as decimal(38, 6)) as raw_value,
        cast(fact_{{ metric }} as decimal(38, 6)) as fact_value,
        cast(mart_{{ metric }} as decimal(38, 6)) as mart_value
    from side_by_side
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

reconciled as (
    select
        *,
        cast(fact_value - raw_value as decimal(38, 6)) as fact_difference,
        cast(mart_value - raw_value as decimal(38, 6)) as mart_difference,
        fact_value = raw_value and mart_value = raw_value as is_reconciled
    from by_metric
)

select * from reconciled
