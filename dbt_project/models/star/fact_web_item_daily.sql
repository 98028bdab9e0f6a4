{{ config(
    key=['organization_id', 'platform', 'connection_id', 'date_day'],
    order_by=['organization_id', 'date_day', 'connection_id', 'item_id', 'item_name', 'item_category'],
    own_days=true,
) }}

{% call performance_fact(
    'web_item_day', '(' ~ union_of('web_item_day') ~ ')', measures=['items_purchased'] + answer_quality(), money=['item_revenue'],
) %}
    stats.item_id,
    stats.item_name,
    stats.item_category
{% endcall %}
