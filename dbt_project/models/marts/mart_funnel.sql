{{ config(
    key=['connection_id', 'date_day'], order_by=['organization_id', 'connection_id', 'funnel', 'date_day', 'step_number'],
    in_pieces=true,
) }}

-- Funnels by day: who took the steps on one day, each after the one before it. Robots are left out.

{% set most_steps = 8 %}

with

dirty_keys as (
    {% call dirty_keys() %}
    select
        days.connection_id,
        days.date_day,
        {{ set_fingerprint(['near.date_utc', 'near.fingerprint']) }} as fingerprint,
        sum(case when near.date_utc = days.date_day then near.key_rows else 0 end) as key_rows
    from (
        select distinct
            connection_id,
            date_day
        from {{ ref('fact_events') }}
    ) as days
    inner join {{ state_of('fact_events') }} as near
        on
            days.connection_id = near.connection_id
            and {{ is_near('near.date_utc', 'days.date_day', days=1) }}
    group by days.connection_id, days.date_day
    {% endcall %}
),

events as (
    select facts.*
    from {{ ref('fact_events') }} as facts
    inner join dirty_keys
        on
            facts.connection_id = dirty_keys.connection_id
            and facts.date_day = dirty_keys.date_day
            and {{ is_near('facts.date_utc', 'dirty_keys.date_day', days=1) }}
    where
        facts.visitor_token is not null
        and not facts.is_bot
        and coalesce(facts.analytics_consent, '') <> 'denied'
),

funnels as (
    select * from {{ ref('event_funnels') }}
),

taken as (
    select
        events.organization_id,
        events.platform,
        events.connection_id,
        events.account_id,
        events.date_day,
        events.visitor_token,
        funnels.funnel,
        funnels.step_number,
        {{ micros_between("cast('2000-01-01' as timestamp with time zone)", 'events.event_at') }} as taken_at,
        events._sync_id
    from events
    inner join funnels
        on
            (funnels.event_class is null or events.event_class = funnels.event_class)
            and (funnels.event_pattern is null or {{ is_found('funnels.event_pattern', 'lower(events.event_name)') }})
            and (funnels.path_pattern is null or coalesce({{ is_found('funnels.path_pattern', 'events.page_path') }}, 1 = 0))
),

{%- for step in range(1, most_steps + 1) %}

step_{{ step }} as (
    select
        taken.organization_id,
        taken.platform,
        taken.connection_id,
        taken.account_id,
        taken.date_day,
        taken.visitor_token,
        taken.funnel,
        {{ step }} as step_number,
        min(taken.taken_at) as reached_at,
        max(taken._sync_id) as _sync_id
    from taken
    {%- if step > 1 %}
    inner join step_{{ step - 1 }} as before
        on
            taken.connection_id = before.connection_id
            and taken.date_day = before.date_day
            and taken.visitor_token = before.visitor_token
            and taken.funnel = before.funnel
            and taken.taken_at >= before.reached_at
    {%- endif %}
    where taken.step_number = {{ step }}
    group by
        taken.organization_id, taken.platform, taken.connection_id, taken.account_id, taken.date_day, taken.visitor_token, taken.funnel
),
{%- endfor %}

reached as (
    {%- for step in range(1, most_steps + 1) %}
    select * from step_{{ step }}
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

counted as (
    select
        organization_id,
        platform,
        connection_id,
        account_id,
        funnel,
        date_day,
        step_number,
        count(*) as visitors,
        max(_sync_id) as _sync_id
    from reached
    group by organization_id, platform, connection_id, account_id, funnel, date_day, step_number
),

first_steps as (
    select * from counted
    where step_number = 1
),

-- Every step of a funnel that somebody began, those that nobody took with 0.
steps as (
    select
        first_steps.organization_id,
        first_steps.platform,
        first_steps.connection_id,
        first_steps.account_id,
        first_steps.funnel,
        funnels.funnel_name,
        first_steps.date_day,
        funnels.step_number,
        funnels.step_name,
        first_steps.visitors as funnel_visitors,
        coalesce(counted.visitors, 0) as visitors,
        coalesce(counted._sync_id, first_steps._sync_id) as _sync_id
    from first_steps
    inner join funnels on first_steps.funnel = funnels.funnel
    left join counted
        on
            first_steps.connection_id = counted.connection_id
            and first_steps.funnel = counted.funnel
            and first_steps.date_day = counted.date_day
            and funnels.step_number = counted.step_number
),

followed as (
    select
        *,
        coalesce(lead(visitors) over (
            partition by connection_id, funnel, date_day
            order by step_number
        ), visitors) as conversions
    from steps
),

rated as (
    select
        organization_id,
        platform,
        connection_id,
        account_id,
        funnel,
        funnel_name,
        date_day,
        step_number,
        step_name,
        visitors,
        conversions,
        visitors - conversions as drop_offs,
        {{ ratio('conversions', 'visitors') }} as conversion_rate,
        {{ ratio('visitors - conversions', 'visitors') }} as drop_off_rate,
        {{ ratio('visitors', 'funnel_visitors') }} as rate_of_first_step,
        _sync_id
    from followed
)

select * from rated
