{#- The counts of Klaviyo's reports that add up, each with our word. -#}
{% macro klaviyo_sums() -%}
    {{ return({
        'recipients': 'sent', 'delivered': 'delivered', 'opens': 'opens', 'clicks': 'clicks', 'unsubscribes': 'unsubscribes',
        'bounced': 'bounces', 'spam_complaints': 'complaints', 'conversions': 'orders',
    }) }}
{%- endmacro %}
