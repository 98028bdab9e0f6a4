{{ config(materialized='table') }}

-- A table, since marts read it twice. Days of accounts that were fetched for the last time within their lookback: few, and the only ones
-- of which a number may still change. How old a day is follows from its last fetch, not from when is now.

{% set factors = ['final_factor', 'final_factor_low', 'final_factor_high'] %}
{% set expected_metrics = ['spend', 'conversions', 'conversion_value'] %}
{% set columns = [] %}
{% for metric in restated_metrics() %}
{% do columns.append('by_age.is_' ~ metric ~ '_settled') %}
{% endfor %}
{% for metric in expected_metrics %}
{% for factor in factors %}
{% do columns.append('by_age.' ~ metric ~ '_' ~ factor) %}
{% endfor %}
{% endfor %}

with

days as (
    select * from {{ ref('int_complete_days') }}
    where not is_shop and not is_past_lookback
),

by_age as (
    select
        organization_id,
        platform,
        age_days,
        min(case when is_settled then 1 else 0 end) = 1 as is_settled,
        {%- for metric in restated_metrics() %}
        max(case when metric = '{{ metric }}' and is_settled then 1 else 0 end) = 1 as is_{{ metric }}_settled,
        {%- endfor %}
        {%- for metric in expected_metrics %}
        {%- set last = loop.last %}
        {%- for factor in factors %}
        max(case when metric = '{{ metric }}' then {{ factor }} end) as {{ metric }}_{{ factor }}{{ "," if not (last and loop.last) }}
        {%- endfor %}
        {%- endfor %}
    from {{ ref('mart_settlement') }}
    group by organization_id, platform, age_days
),

settling as (
    select
        days.organization_id,
        days.platform,
        days.connection_id,
        days.date_day,
        days.age_days,
        coalesce(by_age.is_settled, false) as is_settled,
        {{ columns | join(',
        ') }},
        {{ fingerprint(['by_age.is_settled'] + columns) }} as fingerprint
    from days
    left join by_age
        on
            days.organization_id = by_age.organization_id
            and days.platform = by_age.platform
            and days.age_days = by_age.age_days
)

select * from settling
