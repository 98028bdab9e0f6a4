{#- TikTok's measures, each with our word for it. A conversion is a purchase on the web site: of what ad groups are
    optimised for, which TikTok calls `conversion`, it reports no value. -#}
{% macro tiktok_ads_measures() -%}
    {{ return({
        'impressions': 'impressions', 'clicks': 'clicks', 'spend': 'spend', 'complete_payment': 'conversions',
        'complete_payment_value': 'conversion_value', 'likes': 'likes', 'shares': 'shares', 'comments': 'comments',
        'video_watched_2s': 'video_views', 'video_views_p25': 'video_views_25', 'video_views_p50': 'video_views_50',
        'video_views_p75': 'video_views_75', 'video_views_p100': 'video_views_100', 'reach': 'reach',
        'frequency': 'frequency',
    }) }}
{%- endmacro %}


{#- TikTok's word for why a thing runs or not, without the name of its level: `AD_STATUS_DELIVERY_OK`. -#}
{% macro tiktok_status(column) -%}
    regexp_replace({{ column }}, '^(CAMPAIGN|ADGROUP|AD)_STATUS_', '')
{%- endmacro %}


{#- The budget of a day of a campaign or an ad group; 0 is none of its own. -#}
{% macro tiktok_daily_budget() -%}
    case when budget_mode like '%DAY%' or budget_mode like '%DAILY%' then {{ exact('nullif(budget, 0)') }} end
{%- endmacro %}


{#- The budget for the whole run of a campaign or an ad group of TikTok. -#}
{% macro tiktok_total_budget() -%}
    case when budget_mode = 'BUDGET_MODE_TOTAL' then {{ exact('nullif(budget, 0)') }} end
{%- endmacro %}
