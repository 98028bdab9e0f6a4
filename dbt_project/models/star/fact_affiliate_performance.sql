{{ config(
    key=['organization_id', 'platform', 'connection_id', 'date_day'],
    order_by=['organization_id', 'date_day', 'affiliate_key', 'offer_key'],
    own_days=true,
) }}

{% call performance_fact('affiliate_day', '(' ~ union_of('affiliate_day') ~ ')', ['clicks', 'unique_clicks', 'conversions'], money=['payout', 'revenue', 'sale_amount']) %}
    {{ of_affiliate() }}
{% endcall %}
