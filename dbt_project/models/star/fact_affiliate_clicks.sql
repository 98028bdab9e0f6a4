{{ config(
    key=['organization_id', 'platform', 'connection_id', 'date_day'],
    order_by=['organization_id', 'date_day', 'clicked_at', 'click_id'],
    own_days=true,
) }}

{% call performance_fact('affiliate_click', '(' ~ union_of('affiliate_click') ~ ')', ['is_unique', 'has_conversion', 'is_test', 'clicked_at'], money=['payout']) %}
    {{ of_affiliate() }},
    stats.click_id,
    stats.sub_id
{% endcall %}
