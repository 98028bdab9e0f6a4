{#- The counts of Mailchimp's reports that add up, each with how it follows from the report. Opens of machines are those of all
    less those without machines'; older reports lack these, so they are null. -#}
{% macro mailchimp_counts() -%}
    {{ return({
        'sent': 'emails_sent',
        'delivered': 'emails_sent - hard_bounces - soft_bounces',
        'opens': 'opens_total',
        'human_opens': 'proxy_excluded_opens',
        'machine_opens': 'opens_total - proxy_excluded_opens',
        'clicks': 'clicks_total',
        'unsubscribes': 'unsubscribed',
        'bounces': 'hard_bounces + soft_bounces',
        'hard_bounces': 'hard_bounces',
        'soft_bounces': 'soft_bounces',
        'complaints': 'abuse_reports',
        'orders': 'orders',
        'revenue': 'revenue',
    }) }}
{%- endmacro %}
