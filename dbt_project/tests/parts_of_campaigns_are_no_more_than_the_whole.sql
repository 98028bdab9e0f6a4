-- Ad groups and ads are some of what their campaign did, keywords some of their ad group's, places and
-- devices some of the campaign's. Reports that were fetched at different times may differ for a while,
-- hence a warning; what lasts is a fault. Fractional numbers may differ by what each row is rounded by.

{{ config(severity='warn', meta={'dagster': {'ref': {'name': 'fact_campaign_performance'}}}) }}

{% set metrics = ['impressions', 'clicks', 'spend', 'conversions', 'conversion_value'] %}
{% set parts_of = {
    'fact_ad_group_performance': 'fact_campaign_performance',
    'fact_ad_creative_performance': 'fact_campaign_performance',
    'fact_keyword_performance': 'fact_ad_group_performance',
    'fact_geo_performance': 'fact_campaign_performance',
} %}

with

numbers as (
    {%- for model in ['fact_campaign_performance'] + (parts_of | list) %}
    select
        '{{ model }}' as model_name,
        connection_id,
        date_day,
        campaign_key,
        count(*) as row_count,
        {%- for metric in metrics %}
        sum({{ metric }}) as {{ metric }}{{ "," if not loop.last }}
        {%- endfor %}
    from {{ ref(model) }}
    group by connection_id, date_day, campaign_key
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

devices as (
    select
        'devices' as part,
        'impressions' as metric,
        connection_id,
        date_day,
        campaign_key,
        mobile_impressions + desktop_impressions + tablet_impressions as part_value,
        impressions as whole_value,
        0 as rounding
    from {{ ref('fact_campaign_performance') }}
    where mobile_impressions is not null
),

side_by_side as (
    {%- for part, whole in parts_of.items() %}
    {%- for metric in metrics %}
    select
        '{{ part }}' as part,
        '{{ metric }}' as metric,
        parts.connection_id,
        parts.date_day,
        parts.campaign_key,
        parts.{{ metric }} as part_value,
        coalesce(wholes.{{ metric }}, 0) as whole_value,
        parts.row_count * {{ 0.000001 if metric in ['conversions', 'conversion_value'] else 0 }} as rounding
    from numbers as parts
    left join numbers as wholes
        on
            wholes.model_name = '{{ whole }}'
            and parts.connection_id = wholes.connection_id
            and parts.date_day = wholes.date_day
            and parts.campaign_key = wholes.campaign_key
    where parts.model_name = '{{ part }}'
    union all
    {%- endfor %}
    {%- endfor %}
    select * from devices
)

select * from side_by_side
where part_value > whole_value + rounding
