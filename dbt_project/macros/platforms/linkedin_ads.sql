{#- LinkedIn's measures, each with our word for it. Its conversions follow a click or a view alone. -#}
{% macro linkedin_measures() -%}
    {{ return({
        'impressions': 'impressions', 'clicks': 'clicks', 'cost': 'spend', 'conversions': 'conversions',
        'conversion_value': 'conversion_value', 'post_view_conversions': 'view_through_conversions',
        'total_engagements': 'engagements', 'likes': 'likes', 'shares': 'shares', 'comments': 'comments',
        'video_views': 'video_views', 'video_p25': 'video_views_25', 'video_p50': 'video_views_50',
        'video_p75': 'video_views_75', 'video_completions': 'video_completions', 'member_reach': 'reach',
    }) }}
{%- endmacro %}


{#- The same as columns of a staged row. -#}
{% macro linkedin_numbers() -%}
    {%- for name, ours in linkedin_measures().items() %}
        {{ exact(name) if ours in ['spend', 'conversions', 'conversion_value'] else name }} as {{ ours }}{{ "," if not loop.last }}
    {%- endfor %}
{%- endmacro %}


{#- A budget's kind, and the days of a plan, of which LinkedIn states the instants. -#}
{% macro linkedin_plan() -%}
        case
            when daily_budget is not null then 'daily'
            when total_budget is not null then 'total'
        end as budget_type,
        {{ exact('daily_budget') }} as daily_budget,
        {{ exact('total_budget') }} as total_budget,
        cast({{ milliseconds_to_utc('start_ms') }} as date) as start_date,
        cast({{ milliseconds_to_utc('end_ms') }} as date) as end_date
{%- endmacro %}
