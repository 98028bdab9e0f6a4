{#- TikTok's measures, each with our word for it. A conversion is a purchase on the web site: of what ad groups are
    optimised for, which TikTok calls `conversion`, it reports no value. -#}
{% macro tiktok_measures(daily=true) -%}
    {%- set measures = {
        'impressions': 'impressions', 'clicks': 'clicks', 'spend': 'spend', 'complete_payment': 'conversions',
        'complete_payment_value': 'conversion_value', 'likes': 'likes', 'shares': 'shares', 'comments': 'comments',
        'video_watched_2s': 'video_views', 'video_views_p25': 'video_views_25', 'video_views_p50': 'video_views_50',
        'video_views_p75': 'video_views_75', 'video_views_p100': 'video_views_100',
    } -%}
    {%- if daily -%}{%- do measures.update({'reach': 'reach', 'frequency': 'frequency'}) -%}{%- endif -%}
    {{ return(measures) }}
{%- endmacro %}


{#- The same as columns of a staged row. -#}
{% macro tiktok_numbers(daily=true) -%}
    {%- for name, ours in tiktok_measures(daily).items() %}
        {{ exact(name) if ours in ['spend', 'conversions', 'conversion_value', 'frequency'] else name }} as {{ ours }}{{ "," if not loop.last }}
    {%- endfor %}
{%- endmacro %}


{#- TikTok's word for why a thing runs or not, without the name of its level: `AD_STATUS_DELIVERY_OK`. -#}
{% macro tiktok_status(column) -%}
    regexp_replace({{ column }}, '^(CAMPAIGN|ADGROUP|AD)_STATUS_', '')
{%- endmacro %}
