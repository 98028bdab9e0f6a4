{{ config(
    key=['organization_id', 'platform', 'connection_id', 'date_day'],
    order_by=['organization_id', 'date_day', 'campaign_key', 'ad_group_key', 'keyword_key'],
    own_days=true,
) }}

{% call performance_fact('keyword_day', ref('int_keyword_performance_unioned'), measures=['quality_score']) %}
    {{ entity_key(['campaign_id']) }} as campaign_key,
    {{ entity_key(['ad_group_id']) }} as ad_group_key,
    {{ entity_key(['ad_group_id', 'keyword_id']) }} as keyword_key,
    stats.campaign_id,
    stats.ad_group_id,
    stats.keyword_id,
    stats.keyword_text,
    stats.match_type
{% endcall %}
