-- Ad groups and ads are some of what their campaign did. Reports that were fetched at different times may
-- differ for a while, hence a warning; what lasts is a fault. Fractional numbers may differ by what each
-- row is rounded by.

{{ config(severity='warn', meta={'dagster': {'ref': {'name': 'fact_campaign_performance'}}}) }}

{% set metrics = ['impressions', 'clicks', 'spend', 'conversions', 'conversion_value'] %}
{% set parts = ['fact_ad_group_performance', 'fact_ad_creative_performance'] %}

with

numbers as (
    {%- for model in ['fact_campaign_performance'] + parts %}
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

side_by_side as (
    {%- for metric in metrics %}
    select
        parts.model_name as part,
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
            wholes.model_name = 'fact_campaign_performance'
            and parts.connection_id = wholes.connection_id
            and parts.date_day = wholes.date_day
            and parts.campaign_key = wholes.campaign_key
    where parts.model_name <> 'fact_campaign_performance'
    {{ "union all" if not loop.last }}
    {%- endfor %}
)

select * from side_by_side
where part_value > whole_value + rounding
