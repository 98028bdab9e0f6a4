{#-
Attribution over journeys. The macros of this file know nothing of orders, shops or platforms: they read a relation of touches, so that the
models below them can be compared with cases that were worked out elsewhere.
-#}

{#- The attribution models, each with the weight that a touch has in it, a whole number. The rows have `place` (1 is the first touch), `touches`,
    `last_place` (of the last touch that is not direct), `age` in seconds before the conversion, `removal_effect` and `touches_of_channel`. -#}
{% macro attribution_weights() -%}
    {%- set first, last = var('attribution_first_percent'), var('attribution_last_percent') -%}
    {%- set half_life = var('attribution_half_life_days') * 86400 -%}
    {{ return({
        'first': 'case when place = 1 then 1 else 0 end',
        'last': 'case when place = touches then 1 else 0 end',
        'last_non_direct': 'case when place = last_place then 1 else 0 end',
        'linear': '1',
        'time_decay': 'greatest(round(1e15 * power(0.5, age / ' ~ half_life ~ ')), 1)',
        'position_based': 'case'
            ~ ' when touches = 1 then 1'
            ~ ' when touches = 2 then case when place = 1 then ' ~ first ~ ' else ' ~ last ~ ' end'
            ~ ' when place = 1 then ' ~ first ~ ' * (touches - 2)'
            ~ ' when place = touches then ' ~ last ~ ' * (touches - 2)'
            ~ ' else ' ~ (100 - first - last)
            ~ ' end',
        'markov': 'floor(1e12 * cast(coalesce(removal_effect, 0) as double) / touches_of_channel)',
    }) }}
{%- endmacro %}


{#- CTEs that end in `credits`: each touch of a journey in each attribution model, with its part of the conversion. The parts of a journey add up to
    exactly 1: what the division by whole units leaves over goes, unit by unit, to the largest remainders (to the earlier touch where they are equal).
    `touches` is a relation of `journey` (a list of key columns), `position`, `touched_at`, `converted_at`, `channel` and `removal_effect`. -#}
{% macro touch_credits(touches, journey) -%}
{%- set of_journey = 'partition by ' ~ journey | join(', ') -%}
{%- set units = '1000000000' -%}
ranked as (
    select
        *,
        row_number() over ({{ of_journey }} order by position) as place,
        count(*) over ({{ of_journey }}) as touches,
        count(*) over ({{ of_journey }}, channel) as touches_of_channel,
        greatest({{ seconds_between('touched_at', 'converted_at') }}, 0) as age
    from {{ touches }}
),

followed as (
    select
        *,
        coalesce(
            max(case when channel not in ('{{ var('attribution_direct_channels') | join("', '") }}') then place end) over ({{ of_journey }}), touches
        ) as last_place
    from ranked
),

weighted as (
    {%- for model, weight in attribution_weights().items() %}
    select
        *,
        '{{ model }}' as model,
        {{ whole_number(weight) }} as stated_weight
    from followed
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

-- A journey of which no touch has a weight (no channel of it is missed when it is removed) is shared evenly.
shared as (
    select
        *,
        case
            when sum(stated_weight) over ({{ of_journey }}, model) > 0 then stated_weight
            else {{ whole_number('1') }}
        end as weight
    from weighted
),

floored as (
    select
        *,
        {{ integer_quotient(units ~ ' * weight', whole_number('sum(weight) over (' ~ of_journey ~ ', model)')) }} as whole_units,
        mod({{ units }} * weight, {{ whole_number('sum(weight) over (' ~ of_journey ~ ', model)') }}) as rest
    from shared
),

credits as (
    select
        *,
        cast(
            cast(
                whole_units + case
                    when row_number() over ({{ of_journey }}, model order by rest desc, place) <= {{ units }} - sum(whole_units) over ({{ of_journey }}, model)
                        then 1
                    else 0
                end as decimal(10, 0)
            ) * cast(0.000000001 as decimal(10, 9)) as decimal(10, 9)
        ) as credit
    from floored
),
{%- endmacro %}


{#- CTEs that end in `removal_effects`, after a `with recursive`: of each channel the part of the conversions that a Markov chain over the journeys loses
    when whoever comes to that channel is lost. `steps` is a relation of `by` (whose journeys), `journey`, `position`, `channel` and `is_converted`. A state is the
    last channels of a journey, as many as the order of the chain. Who stays in a state has not moved, so repeated states are left out: the chance of each
    outcome stays the same. Chances are decimals, so that the order of rows changes nothing. -#}
{% macro markov_effects(steps, by, journey, order=none) -%}
{%- set order = order or var('attribution_markov_order') -%}
{%- set of_journey = 'partition by ' ~ (by + journey) | join(', ') ~ ' order by position' -%}
{%- set keys = by | join(', ') -%}
visited_states as (
    select
        *,
        concat_ws(
            ' > '
            {%- for back in range(order - 1, 0, -1) %}
            , lag(channel, {{ back }}) over ({{ of_journey }})
            {%- endfor %}
            , channel
        ) as state
    from {{ steps }}
),

moves as (
    select
        {{ keys }},
        coalesce(lag(state) over ({{ of_journey }}), '(start)') as from_state,
        state as to_state,
        channel as to_channel
    from visited_states
    union all
    select
        {{ keys }},
        state as from_state,
        case when is_converted then '(conversion)' else '(null)' end as to_state,
        '' as to_channel
    from visited_states
    qualify row_number() over ({{ of_journey }} desc) = 1
),

counted_moves as (
    select
        {{ keys }},
        from_state,
        to_state,
        to_channel,
        count(*) as moves
    from moves
    where from_state <> to_state
    group by {{ keys }}, from_state, to_state, to_channel
),

chances as (
    select
        {{ keys }},
        from_state,
        to_state,
        to_channel,
        cast(cast(moves as double) / sum(moves) over (partition by {{ keys }}, from_state) as decimal(19, 18)) as chance
    from counted_moves
),

removals as (
    select distinct
        {{ keys }},
        to_channel as removed_channel
    from counted_moves
),

walk as (
    select
        {{ keys }},
        removed_channel,
        '(start)' as state,
        cast(1 as decimal(19, 18)) as mass,
        0 as moved
    from removals
    union all
    select
        {% for key in by %}walk.{{ key }}, {% endfor %}
        walk.removed_channel,
        case when chances.to_channel = walk.removed_channel and chances.to_channel <> '' then '(null)' else chances.to_state end as state,
        cast(sum(walk.mass * chances.chance) as decimal(19, 18)) as mass,
        walk.moved + 1 as moved
    from walk
    inner join chances
        on {% for key in by %}walk.{{ key }} = chances.{{ key }} and {% endfor %}walk.state = chances.from_state
    where walk.moved < {{ var('attribution_markov_steps') }} and walk.mass > 0.0000000000001
    group by
        {% for key in by %}walk.{{ key }}, {% endfor %}
        walk.removed_channel,
        case when chances.to_channel = walk.removed_channel and chances.to_channel <> '' then '(null)' else chances.to_state end,
        walk.moved + 1
),

outcomes as (
    select
        {{ keys }},
        removed_channel,
        sum(case when state = '(conversion)' then mass else 0 end) as conversion_chance,
        1 - sum(case when state in ('(conversion)', '(null)') then mass else 0 end) as unresolved_chance
    from walk
    group by {{ keys }}, removed_channel
),

removal_effects as (
    select
        {% for key in by %}without.{{ key }}, {% endfor %}
        without.removed_channel as channel,
        cast(everything.conversion_chance as decimal(13, 12)) as conversion_chance,
        cast(without.conversion_chance as decimal(13, 12)) as conversion_chance_without,
        cast(greatest(round(1 - {{ ratio('without.conversion_chance', 'everything.conversion_chance') }}, 12), 0) as decimal(13, 12)) as removal_effect,
        cast(greatest(without.unresolved_chance, everything.unresolved_chance) as decimal(13, 12)) as unresolved_chance
    from outcomes as without
    inner join outcomes as everything
        on {% for key in by %}without.{{ key }} = everything.{{ key }} and {% endfor %}everything.removed_channel = ''
    where without.removed_channel <> ''
),
{%- endmacro %}
