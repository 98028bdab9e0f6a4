-- Every number that was reported of keywords and of places is in its fact once, and nothing else is. Where a platform
-- reports countries beside their regions, the places of a country, with what is in no region of it, add up to it; so do
-- the search terms and the placements of an ad group or a Performance Max campaign, with what is withheld.

{{ config(meta={'dagster': {'ref': {'name': 'fact_keyword_performance'}}}) }}

{% set measures = ['impressions', 'clicks', 'spend', 'conversions', 'conversion_value'] %}
{% set sides = [
    ['fact_keyword_performance', 'true', '(' ~ union_of('keyword_day') ~ ')', 'true'],
    ['fact_search_terms', "platform = 'google_ads'", 'search_term_stats', 'is_whole or wholes = 0'],
    ['fact_placement_performance', "platform = 'google_ads'", 'placement_stats', 'is_whole or wholes = 0'],
    ['fact_geo_performance', "platform = 'google_ads'", ref('stg_google_ads__geo_stats'), 'is_whole_country'],
] %}

with

-- A part of what is not reported as a whole counts by itself.
{%- for name in ['search_term_stats', 'placement_stats'] %}
{{ name }} as (
    select
        *,
        sum(case when is_whole then 1 else 0 end) over (
            partition by connection_id, date_day, campaign_id, ad_group_id
        ) as wholes
    from {{ ref('stg_google_ads__' ~ name) }}
),
{% endfor %}

sides as (
    {%- for fact, shown, staged, counted in sides %}
    select
        '{{ fact }}' as fact,
        'fact' as side,
        connection_id,
        date_day,
        {{ measures | join(', ') }}
    from {{ ref(fact) }}
    where {{ shown }}
    union all
    select
        '{{ fact }}' as fact,
        'staged' as side,
        connection_id,
        date_day,
        {{ measures | join(', ') }}
    from {{ staged }} as staged
    where {{ counted }}
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

days as (
    select
        fact,
        connection_id,
        date_day,
        {%- for measure in measures %}
        coalesce(sum(case when side = 'fact' then {{ measure }} end), 0) as fact_{{ measure }},
        coalesce(sum(case when side = 'staged' then {{ measure }} end), 0) as staged_{{ measure }}{{ "," if not loop.last }}
        {%- endfor %}
    from sides
    group by fact, connection_id, date_day
)

select *
from days
where
    {%- for measure in measures %}
    fact_{{ measure }} <> staged_{{ measure }} {{ "or" if not loop.last }}
    {%- endfor %}
