{#- What alerts can be about, by scope: each metric with the column that it is in and the texts of what is not converted of it. Of a
    channel it is whatever the long mart has, by the same names. -#}
{% macro alert_metrics() -%}
    {%- set own = {
        'impressions': ('impressions', []),
        'clicks': ('clicks', []),
        'conversions': ('conversions', []),
        'spend': ('spend_reporting', ['unconverted_spend']),
        'conversion_value': ('platform_conversion_value_reporting', ['unconverted_conversion_value']),
        'ctr': ('ctr', []),
        'cpc': ('cpc_reporting', []),
        'cpa': ('cpa_reporting', []),
        'platform_roas': ('platform_roas', []),
    } -%}
    {%- set organization = dict(own) -%}
    {%- do organization.update({
        'orders': ('orders', []),
        'new_customers': ('new_customers', []),
        'gross_revenue': ('gross_revenue_reporting', ['unconverted_gross_revenue']),
        'refunds': ('refunds_reporting', ['unconverted_refunds']),
        'net_revenue': ('net_revenue_reporting', ['unconverted_net_revenue']),
        'aov': ('aov_reporting', []),
        'cac': ('cac_reporting', []),
        'mer': ('mer', []),
    }) -%}
    {%- set platform = dict(own) -%}
    {%- do platform.update({
        'orders': ('shop_orders', []),
        'new_customers': ('shop_new_customers', []),
        'gross_revenue': ('shop_gross_revenue_reporting', ['unconverted_shop_gross_revenue']),
        'refunds': ('shop_refunds_reporting', ['unconverted_shop_refunds']),
        'net_revenue': ('shop_net_revenue_reporting', ['unconverted_shop_net_revenue']),
        'shop_roas': ('shop_roas', []),
    }) -%}
    {{ return({'organization': organization, 'platform': platform}) }}
{%- endmacro %}


{#- The restated metrics that a metric is worked out from: it is settled when all of them are. -#}
{% macro alert_parts() -%}
    {{ return({
        'impressions': ['impressions'],
        'clicks': ['clicks'],
        'conversions': ['conversions'],
        'spend': ['spend'],
        'conversion_value': ['conversion_value'],
        'ctr': ['clicks', 'impressions'],
        'cpc': ['spend', 'clicks'],
        'cpa': ['spend', 'conversions'],
        'platform_roas': ['conversion_value', 'spend'],
        'shop_roas': ['spend'],
        'mer': ['spend'],
        'cac': ['spend'],
    }) }}
{%- endmacro %}
