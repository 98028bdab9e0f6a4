{#-
Facts that show the rows of a level as the winning syncs report them. What is a fact's own stays in its file: its order,
its keys, and which measures it has besides those of every fact.
-#}

{#- The head of such a fact: its dirty days, and `days` with the winning sync, the currency and the rate of each. -#}
{% macro winning_days(level) -%}
with

dirty_keys as (
    {% call dirty_keys() %}
    select organization_id, platform, connection_id, date_day, fingerprint
    from {{ ref('int_report_days') }}
    where level = '{{ level }}'
    {% endcall %}
),

days as (
    select days.*
    from {{ ref('int_report_days') }} as days
    inner join dirty_keys
        on days.connection_id = dirty_keys.connection_id and days.date_day = dirty_keys.date_day
    where days.level = '{{ level }}'
),
{%- endmacro %}


{#- Joins rows of a level to the day that they won. -#}
{% macro on_winning_day(rows='stats', days='days') -%}
            {{ rows }}._sync_id = {{ days }}.sync_id
            and {{ rows }}.connection_id = {{ days }}.connection_id
            and {{ rows }}._chunk_id = {{ days }}.chunk_id
            and {{ rows }}.date_day = {{ days }}.date_day
{%- endmacro %}


{#- Whose a row of a fact is. -#}
{% macro of_connection(rows='stats') -%}
        {{ rows }}.organization_id,
        {{ rows }}.platform,
        {{ rows }}.connection_id,
        {{ rows }}.account_id
{%- endmacro %}


{#- The key of an entity of an account. -#}
{% macro entity_key(ids, rows='stats') -%}
    {%- set columns = [] -%}
    {%- for name in ['organization_id', 'platform', 'account_id'] + ids -%}
        {%- do columns.append(rows ~ '.' ~ name) -%}
    {%- endfor -%}
    {{ surrogate_key(columns) }}
{%- endmacro %}


{#- The measures that every such fact has, money in the account's currency and in the reporting currency. One of
    conversions alone has no `delivery`. -#}
{% macro common_measures(days='stats', delivery=true) -%}
        {{ days }}.currency_code,
        {{ days }}.reporting_currency,
        {{ days }}.exchange_rate,
        {%- if delivery %}
        stats.impressions,
        stats.clicks,
        stats.spend,
        {{ convert('stats.spend', days ~ '.exchange_rate') }} as spend_reporting,
        {%- endif %}
        stats.conversions,
        stats.conversion_value,
        {{ convert('stats.conversion_value', days ~ '.exchange_rate') }} as conversion_value_reporting
{%- endmacro %}


{#- The hours of the days of `days`, each with its instant and what is odd about it: the CTE `flagged`. -#}
{% macro placed_hours() -%}
zones as (
    select distinct time_zone, date_day
    from days
),

-- A zone's hours of a day are worked out once, not for each row. What a platform reports of a day without
-- naming the hour stands at the day's first hour.
hours as (
    {%- for hour in [none] + range(24) | list %}
    select
        time_zone,
        date_day,
        {{ 'cast(null as integer)' if hour is none else hour }} as local_hour,
        {{ -1 if hour is none else hour }} as hour_number,
        cast(date_day as timestamp) + {{ hour or 0 }} * interval '1 hour' as local_hour_at
    from zones
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

placed as (
    select
        *,
        {{ local_to_instant('local_hour_at', 'time_zone') }} as hour_at
    from hours
),

-- An hour that a clock change repeats is reported once for both: it is put at the later one and
-- flagged. An hour that a clock change skips does not exist; a platform that reports it anyway has
-- its numbers at the hour the clock jumped to, flagged too. Of no hour neither can be said.
flagged as (
    select
        time_zone,
        date_day,
        hour_number,
        hour_at,
        local_hour is not null and coalesce(
            {{ instant_to_local("hour_at - interval '1 hour'", 'time_zone') }} = local_hour_at
            or {{ instant_to_local("hour_at + interval '1 hour'", 'time_zone') }} = local_hour_at,
            false
        ) as is_ambiguous_hour,
        local_hour is not null and coalesce(
            {{ instant_to_local('hour_at', 'time_zone') }} <> local_hour_at,
            false
        ) as is_skipped_hour
    from placed
),
{%- endmacro %}


{#- Money of a row in its currency and in the reporting currency. -#}
{% macro money_in_both(money, rows='stats') %}
        {{ rows }}.currency_code,
        {{ rows }}.reporting_currency,
        {{ rows }}.exchange_rate
        {%- for name in money %},
        {{ rows }}.{{ name }},
        {{ convert(rows ~ '.' ~ name, rows ~ '.exchange_rate') }} as {{ name }}_reporting
        {%- endfor %}
{%- endmacro %}


{#- A fact by day. `rows` is the relation of the level's rows, `measures` names those that not every fact has, and
    the block that calls this selects what a row is of. Rows of a level that states currencies are in theirs. One
    that is not about ads names its `money`, which stands in place of the measures that ads have. `hourly` rows have
    a `local_hour`. -#}
{% macro performance_fact(level, rows, measures=[], money=none, hourly=false) -%}
{%- set states_currency = 'stated_currency' in level_columns(level) -%}
{{ winning_days(level) }}
{% if hourly %}
{{ placed_hours() }}
{% endif %}
stats as (
    select
        stats.*,
        days.reporting_currency,
        {%- if hourly %}
        days.time_zone,
        flagged.hour_at,
        coalesce(flagged.is_ambiguous_hour, false) as is_ambiguous_hour,
        coalesce(flagged.is_skipped_hour, false) as is_skipped_hour,
        {%- endif %}
        {%- if states_currency %}
        coalesce(stats.stated_currency, days.currency_code) as currency_code,
        case
            when stats.stated_currency is null or stats.stated_currency = days.currency_code then days.exchange_rate
            when stats.stated_currency = days.reporting_currency then cast(1 as decimal(38, 18))
            else rates.exchange_rate
        end as exchange_rate
        {%- else %}
        days.currency_code,
        days.exchange_rate
        {%- endif %}
    from {{ rows }} as stats
    inner join days
        on
{{ on_winning_day() }}
    {%- if hourly %}
    left join flagged
        on
            days.time_zone = flagged.time_zone
            and days.date_day = flagged.date_day
            and coalesce(stats.local_hour, -1) = flagged.hour_number
    {%- endif %}
    {%- if states_currency %}
    left join {{ ref('int_exchange_rates_crossed') }} as rates
        on
            stats.stated_currency = rates.from_currency
            and days.reporting_currency = rates.to_currency
            and stats.date_day = rates.date_day
    {%- endif %}
),

converted as (
    select
{{ of_connection() }},
        {{ caller() | trim }},
        stats.date_day,
        {{ date_key('stats.date_day') }} as date_key,
        {%- if hourly %}
        stats.local_hour,
        case when stats.local_hour between 0 and 23 then cast(stats.local_hour * 100 as integer) end as time_key,
        stats.hour_at,
        stats.time_zone,
        stats.is_ambiguous_hour,
        stats.is_skipped_hour,
        {%- endif %}
{{ common_measures(delivery='spend' in level_columns(level)) if money is none else money_in_both(money) }},
        {%- for name in measures %}
        stats.{{ name }},
        {%- endfor %}
        stats._sync_id,
        stats._synced_at
    from stats
)

select * from converted
{%- endmacro %}


{#- The parts of wholes, and what a whole has beyond its parts as a row without a part: so that each number is
    there once. Where whole and parts were fetched at different moments the rest of a running day may be negative.
    `whole` says of a row of the model whether it is one, `keys` name what a whole is of, `parts` what a part has
    beside that. -#}
{% macro parts_and_rest(model, whole, keys, parts) -%}
{%- set measures = {
    'impressions': 'bigint', 'clicks': 'bigint', 'spend': 'decimal(18, 6)', 'conversions': 'decimal(18, 6)',
    'conversion_value': 'decimal(18, 6)',
} -%}
with

stats as (
    select * from {{ ref(model) }}
),

summed_parts as (
    select
        connection_id,
        date_day,
        {{ keys | join(',\n        ') }},
        {%- for measure in measures %}
        sum({{ measure }}) as {{ measure }}{{ "," if not loop.last }}
        {%- endfor %}
    from stats
    where not {{ whole }}
    group by connection_id, date_day, {{ keys | join(', ') }}
),

rests as (
    select
        wholes.* exclude ({{ measures | join(', ') }}){% for measure, type in measures.items() %},
        cast(coalesce(wholes.{{ measure }}, 0) - coalesce(summed_parts.{{ measure }}, 0) as {{ type }}) as {{ measure }}
        {%- endfor %}
    from stats as wholes
    left join summed_parts
        on
            wholes.connection_id = summed_parts.connection_id
            and wholes.date_day = summed_parts.date_day
            {%- for key in keys %}
            and wholes.{{ key }} is not distinct from summed_parts.{{ key }}
            {%- endfor %}
    where wholes.{{ whole }}
),

by_part as (
    select *
    from stats
    where not {{ whole }}
    union all by name
    select *
    from rests
    where
        {{ measures | join(' <> 0\n        or ') }} <> 0
),

chosen as (
    select
        organization_id,
        connection_id,
        platform,
        account_id,
        {{ (keys + parts) | join(',\n        ') }},
        date_day,
        {{ measures | join(',\n        ') }},
        _sync_id,
        _chunk_id,
        _synced_at
    from by_part
)

select * from chosen
{%- endmacro %}
