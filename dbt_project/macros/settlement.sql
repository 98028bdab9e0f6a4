{#- The metrics whose restatements are kept, each with whether it is money. -#}
{% macro restated_metrics() -%}
    {{ return({
        'impressions': false, 'clicks': false, 'spend': true, 'conversions': false, 'conversion_value': true,
    }) }}
{%- endmacro %}


{#- How many days old a day was when it was fetched, on the account's own calendar. -#}
{% macro age_of_day(date_day, fetched_at, zone) -%}
    cast(cast({{ instant_to_local(fetched_at, "coalesce(" ~ zone ~ ", 'UTC')") }} as date) - {{ date_day }} as integer)
{%- endmacro %}


{#- CTEs of the syncs that were the truth of the days in `dirty_keys` at some time: `once_true` has one row for each
    sync and day, and `place` orders them by their fetch. -#}
{% macro once_true_syncs() -%}
syncs as (
    select
        *,
        {{ stream_level() }} as level
    from {{ ref('stg_lake__syncs') }}
    where kind = 'report' and status = 'succeeded'
),

covering as (
    select
        syncs.organization_id,
        syncs.platform,
        syncs.connection_id,
        syncs.account_id,
        syncs.account_currency,
        syncs.sync_id,
        syncs.chunk_id,
        syncs.committed_at,
        {{ age_of_day('dirty_keys.date_day', 'syncs.fetch_started_at', 'syncs.account_time_zone') }} as age_days,
        -- What a sync asked for a range of days counts for each of them in equal parts.
        cast(syncs.request_count as double) / ({{ seconds_between('syncs.window_from', 'syncs.window_to') }} / 86400) as requests,
        syncs.fetch_started_at >= {{ local_to_instant('cast(' ~ add_days('dirty_keys.date_day', 1) ~ ' as timestamp)', "coalesce(syncs.account_time_zone, 'UTC')") }} as is_day_over,
        dirty_keys.date_day,
        row_number() over (
            partition by dirty_keys.connection_id, dirty_keys.date_day
            order by syncs.fetch_started_at, syncs.sync_id, syncs.chunk_id
        ) as place
    from syncs
    inner join dirty_keys
        on
            syncs.connection_id = dirty_keys.connection_id
            and syncs.window_from <= dirty_keys.date_day
            and syncs.window_to > dirty_keys.date_day
    where syncs.level = 'campaign_day' and not {{ is_left_day('syncs.left_days', 'dirty_keys.date_day') }}
),

-- A sync that was already overtaken when it was committed was never the truth of this day.
once_true as (
    select *
    from covering
    qualify place = max(place) over (
        partition by connection_id, date_day
        order by committed_at
    )
)
{%- endmacro %}


{#- A quantile of `value` by its `place` among `days` values, between two of them where it falls between: the place of
    the quantile p is p * (days + 1), so that a new value lies below it with the chance p. Null when that place lies outside of
    the values: too few of them for this quantile. -#}
{% macro quantile_by_place(value, p, place='place', days='days') -%}
    {%- set at = '(' ~ p ~ ' * (' ~ days ~ ' + 1))' -%}
    case
        when {{ at }} >= 1 and {{ at }} <= {{ days }}
            then sum(
                case
                    when {{ place }} = floor({{ at }}) then {{ value }} * (1 - {{ at }} + floor({{ at }}))
                    when {{ place }} = floor({{ at }}) + 1 then {{ value }} * ({{ at }} - floor({{ at }}))
                end
            )
    end
{%- endmacro %}


{#- What a number is multiplied by to expect its final one, when it is this share of it. -#}
{% macro final_factor(share) -%}
    try_cast(1 / nullif({{ share }}, 0) as decimal(18, 6))
{%- endmacro %}


{#- What an amount is expected to come to: by the factor of its age, or as it is when nothing of it is expected any more. Nothing yet
    may come to anything, unless the factor is 1. Null when it is not known. -#}
{% macro expected_final(amount, factor, is_final) -%}
    case
        when {{ is_final }} or {{ factor }} = 1 then {{ amount }}
        when {{ amount }} <> 0 then try_cast(cast({{ amount }} as double) * cast({{ factor }} as double) as decimal(24, 6))
    end
{%- endmacro %}
