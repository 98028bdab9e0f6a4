{{ config(
    key=['organization_id', 'platform', 'connection_id', 'date_day'],
    order_by=['organization_id', 'date_day', 'adjustment_id'],
    own_days=true,
) }}

{% call performance_fact('affiliate_adjustment', '(' ~ union_of('affiliate_adjustment') ~ ')', ['clicks', 'conversions', 'note', 'is_withdrawn', 'entered_at'], money=['payout', 'revenue', 'sale_amount']) %}
    {{ of_affiliate() }},
    stats.adjustment_id
{% endcall %}
