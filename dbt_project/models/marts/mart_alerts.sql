{{ config(key=['organization_id'], order_by=['organization_id', 'first_day', 'rule_id', 'scope_type', 'scope']) }}

-- All days of an organization are judged anew when one of them changed: where an alert begins depends on the days before it. A day
-- that is not known (not whole, not settled, or without the value) is left out: it raises nothing and ends nothing.

{% set subject = ['organization_id', 'scope_type', 'scope'] %}
{% set run = ['rule_id', 'organization_id', 'scope_type', 'scope', 'month_start'] %}
{% set marts = ['mart_organization_daily_metrics', 'mart_platform_comparison', 'mart_daily_aggregates'] %}
{% set places_of = {
    'mart_organization_daily_metrics': "''",
    'mart_platform_comparison': 'platform',
    'mart_daily_aggregates': "''",
} %}
{% set days_before = "case rules.compared_with when 'previous_day' then 1 when 'same_weekday' then 7 end" %}

with

dirty_keys as (
    {% call dirty_keys() %}
    select
        organization_id,
        {{ set_fingerprint(['source', 'place', 'date_day', 'fingerprint']) }} as fingerprint
    from (
        {%- for mart in marts %}
        select organization_id, '{{ mart }}' as source, {{ places_of[mart] }} as place, date_day, fingerprint
        from {{ state_of(mart) }}
        union all
        {%- endfor %}
        select organization_id, 'settling' as source, connection_id as place, date_day, fingerprint
        from {{ ref('int_settling_days') }}
        union all
        select
            organization_id,
            'acknowledged' as source,
            alert_key as place,
            first_day as date_day,
            {{ row_text(['rule_id', 'scope_type', 'scope', 'last_day', 'acknowledged_at', 'acknowledged_by', 'acknowledgement_note']) }} as fingerprint
        from {{ ref('stg_registry__alert_acknowledgements') }}
    ) as depended_on
    group by organization_id
    {% endcall %}
),

organization_days as (
    select
        days.*,
        days.organization_id as scope
    from {{ ref('mart_organization_daily_metrics') }} as days
    inner join dirty_keys on days.organization_id = dirty_keys.organization_id
),

-- A day of an ad platform that was asked for and came back without a campaign.
empty_days as (
    select
        organization_id,
        platform,
        date_day,
        min(case when is_complete then 1 else 0 end) = 1 as is_complete
    from {{ ref('int_complete_days') }}
    where not is_shop
    group by organization_id, platform, date_day
),

platform_days as (
    select
        days.*,
        days.platform as scope
    from {{ ref('mart_platform_comparison') }} as days
    inner join dirty_keys on days.organization_id = dirty_keys.organization_id
),

channel_days as (
    select days.*
    from {{ ref('mart_daily_aggregates') }} as days
    inner join dirty_keys on days.organization_id = dirty_keys.organization_id
),

measured as (
    {%- for scope_type, metrics in alert_metrics().items() %}
    {%- for metric, (column, texts) in metrics.items() %}
    select
        organization_id,
        '{{ scope_type }}' as scope_type,
        scope,
        '{{ metric }}' as metric,
        date_day,
        is_complete,
        try_cast({{ if_converted(column, texts) }} as decimal(24, 6)) as value
    from {{ scope_type }}_days
    {%- if scope_type == 'platform' and metric in alert_parts() %}
    -- What partners are paid is restated too, and nothing is learnt of it.
    where is_settled is not null
    {%- endif %}
    union all
    {%- endfor %}
    {%- endfor %}
    {%- for metric in ['impressions', 'clicks', 'spend'] %}
    select
        empty_days.organization_id,
        'platform' as scope_type,
        empty_days.platform as scope,
        '{{ metric }}' as metric,
        empty_days.date_day,
        empty_days.is_complete,
        cast(0 as decimal(24, 6)) as value
    from empty_days
    inner join dirty_keys on empty_days.organization_id = dirty_keys.organization_id
    left join platform_days
        on
            empty_days.organization_id = platform_days.organization_id
            and empty_days.platform = platform_days.platform
            and empty_days.date_day = platform_days.date_day
            and platform_days.is_settled is not null
    where platform_days.date_day is null
    union all
    {%- endfor %}
    select
        organization_id,
        'channel' as scope_type,
        channel as scope,
        metric,
        date_day,
        is_complete,
        case when unconverted is null then value end as value
    from channel_days
),

unsettled as (
    {%- for metric, parts in alert_parts().items() %}
    select
        organization_id,
        platform,
        date_day,
        '{{ metric }}' as metric
    from {{ ref('int_settling_days') }}
    where not ({% for part in parts %}coalesce(is_{{ part }}_settled, false){{ " and " if not loop.last }}{% endfor %})
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

-- An organization or a channel is settled when every platform is; a platform by itself.
unsettled_scopes as (
    select distinct
        organization_id,
        platform,
        date_day,
        metric
    from unsettled
    union all
    select distinct
        organization_id,
        '*' as platform,
        date_day,
        metric
    from unsettled
),

-- A platform may have an empty row of its own beside the one of an asked day.
known as (
    select
        measured.organization_id,
        measured.scope_type,
        measured.scope,
        measured.metric,
        measured.date_day,
        max(measured.value) as value
    from measured
    left join unsettled_scopes
        on
            measured.organization_id = unsettled_scopes.organization_id
            and measured.date_day = unsettled_scopes.date_day
            and measured.metric = unsettled_scopes.metric
            and case when measured.scope_type = 'platform' then measured.scope else '*' end = unsettled_scopes.platform
    where measured.value is not null and measured.is_complete and unsettled_scopes.metric is null
    group by measured.organization_id, measured.scope_type, measured.scope, measured.metric, measured.date_day
),

ruled as (
    select
        rules.*,
        known.organization_id as subject_organization_id,
        known.scope as subject_scope,
        known.date_day,
        known.value,
        {{ add_days('known.date_day', '-' ~ days_before) }} as compared_day
    from {{ ref('alert_rules') }} as rules
    inner join known
        on
            rules.scope_type = known.scope_type
            and rules.metric = known.metric
            and (rules.organization_id = '*' or rules.organization_id = known.organization_id)
            and (rules.scope = '*' or rules.scope = known.scope)
    where rules.is_enabled
),

compared as (
    select
        ruled.*,
        earlier.value as compared_value,
        {{ ratio('(ruled.value - earlier.value)', 'case when earlier.value > 0 then earlier.value end') }} as change,
        greatest(minimums.value, earlier_minimums.value) as minimum_value
    from ruled
    {%- for name, metric, day in [
        ('earlier', 'metric', 'compared_day'), ('minimums', 'minimum_metric', 'date_day'), ('earlier_minimums', 'minimum_metric', 'compared_day'),
    ] %}
    left join known as {{ name }}
        on
            ruled.subject_organization_id = {{ name }}.organization_id
            and ruled.scope_type = {{ name }}.scope_type
            and ruled.subject_scope = {{ name }}.scope
            and ruled.{{ metric }} = {{ name }}.metric
            and ruled.{{ day }} = {{ name }}.date_day
    {%- endfor %}
),

-- A month so far counts when all of its days are known; at their pace it ends with so much.
goal_days as (
    select
        goals.*,
        known.organization_id as subject_organization_id,
        known.scope as subject_scope,
        known.date_day,
        cast(date_trunc('month', known.date_day) as date) as month_start,
        sum(known.value) over so_far as value_so_far,
        count(*) over so_far as days_so_far,
        cast(extract(day from known.date_day) as integer) as day_of_month,
        cast(extract(day from last_day(known.date_day)) as integer) as days_of_month
    from {{ ref('alert_goals') }} as goals
    inner join known
        on
            goals.scope_type = known.scope_type
            and goals.metric = known.metric
            and (goals.organization_id = '*' or goals.organization_id = known.organization_id)
            and (goals.scope = '*' or goals.scope = known.scope)
    where goals.is_enabled
    window so_far as (
        partition by goals.goal_id, known.organization_id, known.scope, date_trunc('month', known.date_day)
        order by known.date_day
    )
),

paced as (
    select
        *,
        try_cast(cast(value_so_far as double) * days_of_month / day_of_month as decimal(24, 6)) as value
    from goal_days
    where days_so_far = day_of_month and day_of_month >= minimum_days
),

judged as (
    select
        rule_id,
        rule_name,
        condition as rule_type,
        severity,
        subject_organization_id as organization_id,
        scope_type,
        subject_scope as scope,
        metric,
        date_day,
        cast(null as date) as month_start,
        value,
        threshold,
        compared_day,
        compared_value,
        change,
        case condition
            when 'above' then value > threshold
            when 'below' then value < threshold
            when 'change_above' then change > threshold
            else change < threshold
        end
        and coalesce(minimum_value >= minimum_amount, true) as is_breach
    from compared
    where
        (compared_with is null or change is not null)
        and (minimum_metric is null or minimum_value is not null)
    union all
    select
        goal_id as rule_id,
        goal_name as rule_name,
        concat('goal_', direction) as rule_type,
        severity,
        subject_organization_id as organization_id,
        scope_type,
        subject_scope as scope,
        metric,
        date_day,
        month_start,
        value,
        target as threshold,
        month_start as compared_day,
        try_cast(value_so_far as decimal(24, 6)) as compared_value,
        {{ ratio('(value - target)', 'target') }} as change,
        case when direction = 'at_least' then value < target else value > target end as is_breach
    from paced
),

counted as (
    select
        *,
        sum(case when is_breach then 0 else 1 end) over (
            partition by {{ run | join(', ') }}
            order by date_day rows between unbounded preceding and current row
        ) as ended_before,
        max(date_day) over (partition by rule_id, {{ subject | join(', ') }}) as last_judged_day
    from judged
),

runs as (
    select
        *,
        min(date_day) over of_run as first_day,
        max(date_day) over of_run as last_day,
        count(*) over of_run as breaching_days
    from counted
    where is_breach
    window of_run as (partition by {{ run | join(', ') }}, ended_before)
),

alerts as (
    select
        *,
        {{ surrogate_key(['organization_id', 'rule_id', 'scope_type', 'scope', 'first_day']) }} as alert_key
    from runs
    where date_day = last_day
),

-- Who has seen a run has seen it however late numbers move its ends.
acknowledged as (
    select
        alerts.alert_key,
        seen.acknowledged_at,
        seen.acknowledged_by,
        seen.acknowledgement_note
    from alerts
    inner join {{ ref('stg_registry__alert_acknowledgements') }} as seen
        on
            alerts.organization_id = seen.organization_id
            and alerts.rule_id = seen.rule_id
            and alerts.scope_type = seen.scope_type
            and alerts.scope = seen.scope
            and alerts.first_day <= seen.last_day
            and alerts.last_day >= seen.first_day
    qualify row_number() over (
        partition by alerts.alert_key
        order by seen.acknowledged_at desc, seen.alert_key
    ) = 1
),

stated as (
    select
        alerts.alert_key,
        alerts.organization_id,
        alerts.rule_id,
        alerts.rule_name,
        alerts.rule_type,
        alerts.severity,
        alerts.scope_type,
        alerts.scope,
        alerts.metric,
        alerts.first_day,
        alerts.last_day,
        alerts.breaching_days,
        alerts.last_judged_day,
        case
            when alerts.last_judged_day > alerts.last_day then 'resolved'
            when acknowledged.alert_key is not null then 'acknowledged'
            when alerts.breaching_days = 1 then 'new'
            else 'active'
        end as state,
        alerts.value,
        alerts.threshold,
        alerts.compared_day,
        alerts.compared_value,
        alerts.change,
        acknowledged.acknowledged_at,
        acknowledged.acknowledged_by,
        acknowledged.acknowledgement_note,
        {{ json_of({
            'mart': "case alerts.scope_type when 'organization' then 'mart_organization_daily_metrics' when 'platform' then 'mart_platform_comparison' else 'mart_daily_aggregates' end",
            'column': 'places.column_name',
            'scope': 'alerts.scope',
            'date_day': 'cast(alerts.last_day as varchar)',
            'value': 'cast(alerts.value as varchar)',
            'compared_day': 'cast(alerts.compared_day as varchar)',
            'compared_value': 'cast(alerts.compared_value as varchar)',
            'threshold': 'cast(alerts.threshold as varchar)',
        }) }} as evidence
    from alerts
    left join (
        {%- for scope_type, metrics in alert_metrics().items() %}
        {%- set last = loop.last %}
        {%- for metric, (column, _) in metrics.items() %}
        select '{{ scope_type }}' as scope_type, '{{ metric }}' as metric, '{{ column }}' as column_name
        {{ "union all" if not (last and loop.last) }}
        {%- endfor %}
        {%- endfor %}
    ) as places
        on alerts.scope_type = places.scope_type and alerts.metric = places.metric
    left join acknowledged on alerts.alert_key = acknowledged.alert_key
)

select * from stated
