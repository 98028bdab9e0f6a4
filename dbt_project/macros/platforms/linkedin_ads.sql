{#- LinkedIn's measures, each with our word for it. Its conversions follow a click or a view alone. -#}
{% macro linkedin_ads_measures() -%}
    {{ return({
        'impressions': 'impressions', 'clicks': 'clicks', 'cost': 'spend', 'conversions': 'conversions',
        'conversion_value': 'conversion_value', 'post_view_conversions': 'view_through_conversions',
        'total_engagements': 'engagements', 'likes': 'likes', 'shares': 'shares', 'comments': 'comments',
        'video_views': 'video_views', 'video_p25': 'video_views_25', 'video_p50': 'video_views_50',
        'video_p75': 'video_views_75', 'video_completions': 'video_completions', 'member_reach': 'reach',
    }) }}
{%- endmacro %}
