{{ config(
    key=['organization_id', 'platform'],
    order_by=['organization_id', 'platform', 'metric', 'age_days'],
) }}

-- Learnt from the newest days that are past their lookback, so that a fetch of younger days changes nothing here. A quantile
-- that the days are too few for is unknown, and then a day counts as settled when its lookback is over.

{% set metrics = restated_metrics() %}
{% set days_learnt_from = var('settlement_days') | int %}
{% set tolerance = var('settlement_tolerance') %}

with

dirty_keys as (
    {% call dirty_keys() %}
    select
        state.organization_id,
        state.platform,
        {{ fingerprint(['platforms.lookback_days', set_fingerprint(['state.connection_id', 'state.date_day', 'state.fingerprint'])]) }} as fingerprint
    from (
        select
            *,
            max(date_day) over (partition by organization_id, platform) as last_day
        from {{ state_of('int_settlement_days') }}
    ) as state
    inner join {{ ref('stg_registry__platforms') }} as platforms on state.platform = platforms.platform
    where state.date_day > {{ add_days('state.last_day', -days_learnt_from) }}
    group by state.organization_id, state.platform, platforms.lookback_days
    {% endcall %}
),

last_days as (
    select
        organization_id,
        platform,
        max(date_day) as last_day
    from {{ state_of('int_settlement_days') }}
    group by organization_id, platform
),

days as (
    select
        days.*,
        last_days.last_day,
        platforms.lookback_days
    from {{ ref('int_settlement_days') }} as days
    inner join dirty_keys
        on days.organization_id = dirty_keys.organization_id and days.platform = dirty_keys.platform
    inner join last_days
        on days.organization_id = last_days.organization_id and days.platform = last_days.platform
    inner join {{ ref('stg_registry__platforms') }} as platforms on days.platform = platforms.platform
    where days.date_day > {{ add_days('last_days.last_day', -days_learnt_from) }}
),

by_metric as (
    {%- for metric in metrics %}
    select
        organization_id,
        platform,
        '{{ metric }}' as metric,
        age_days,
        lookback_days,
        last_day,
        connection_id,
        date_day,
        {{ metric }}_share as share
    from days
    where {{ metric }}_share is not null and age_days between 0 and lookback_days
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

placed as (
    select
        *,
        row_number() over (
            partition by organization_id, platform, metric, age_days
            order by share, date_day, connection_id
        ) as place,
        count(*) over (partition by organization_id, platform, metric, age_days) as days
    from by_metric
),

quantiles as (
    select
        organization_id,
        platform,
        metric,
        age_days,
        lookback_days,
        last_day,
        days,
        min(date_day) as first_day,
        {{ quantile_by_place('share', '0.05') }} as completeness_low,
        {{ quantile_by_place('share', '0.50') }} as completeness_median,
        {{ quantile_by_place('share', '0.95') }} as completeness_high
    from placed
    group by organization_id, platform, metric, age_days, lookback_days, last_day, days
),

judged as (
    select
        organization_id,
        platform,
        metric,
        age_days,
        lookback_days,
        first_day,
        last_day,
        days,
        completeness_low,
        -- Half of the interval is no knowledge of its own.
        case when completeness_low is not null then completeness_median end as completeness_median,
        completeness_high,
        coalesce(completeness_low >= 1 - {{ tolerance }} and completeness_high <= 1 + {{ tolerance }}, 1 = 0) as is_within_tolerance
    from quantiles
),

-- Settled from an age on, when that age and every later one of the lookback are known to be within the tolerance.
chained as (
    select
        *,
        sum(case when is_within_tolerance then 1 else 0 end) over (
            partition by organization_id, platform, metric
            order by age_days desc
        ) = lookback_days - age_days + 1 as is_settled
    from judged
),

settled as (
    select
        *,
        coalesce(
            min(case when is_settled then age_days end) over (partition by organization_id, platform, metric),
            lookback_days + 1
        ) as settled_from_age_days
    from chained
),

suggested as (
    select
        organization_id,
        platform,
        greatest(
            least(max(settled_from_age_days) - 1, max(lookback_days)),
            least({{ var('lookback_floor_days') | int }}, max(lookback_days))
        ) as suggested_lookback_days
    from settled
    group by organization_id, platform
),

-- A day is fetched once more after its lookback: that one is spared too when the lookback is shorter.
requests as (
    select
        days.organization_id,
        days.platform,
        sum(case when days.age_days > suggested.suggested_lookback_days + 1 then days.requests else 0 end)
        / count(distinct days.date_day) as requests_spared_per_day
    from days
    inner join suggested
        on days.organization_id = suggested.organization_id and days.platform = suggested.platform
    where days.age_days <= days.lookback_days + 1
    group by days.organization_id, days.platform
),

settlement as (
    select
        settled.organization_id,
        settled.platform,
        settled.metric,
        settled.age_days,
        settled.days,
        settled.first_day,
        settled.last_day,
        settled.completeness_low,
        settled.completeness_median,
        settled.completeness_high,
        {{ final_factor('settled.completeness_median') }} as final_factor,
        {{ final_factor('settled.completeness_high') }} as final_factor_low,
        {{ final_factor('settled.completeness_low') }} as final_factor_high,
        settled.is_settled,
        settled.settled_from_age_days,
        settled.lookback_days,
        suggested.suggested_lookback_days,
        requests.requests_spared_per_day
    from settled
    inner join suggested
        on settled.organization_id = suggested.organization_id and settled.platform = suggested.platform
    inner join requests
        on settled.organization_id = requests.organization_id and settled.platform = requests.platform
)

select * from settlement
