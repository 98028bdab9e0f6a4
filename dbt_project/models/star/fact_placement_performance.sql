{{ config(
    key=['organization_id', 'platform', 'connection_id', 'date_day'],
    order_by=['organization_id', 'date_day', 'campaign_key', 'ad_group_key', 'placement'],
    own_days=true,
) }}

-- On which sites, apps and channels ads stood; what the platform merges is a row without a placement.

{% call performance_fact('placement_day', '(' ~ union_of('placement_day') ~ ')') %}
    {{ entity_key(['campaign_id']) }} as campaign_key,
    case when stats.ad_group_id is not null then {{ entity_key(['ad_group_id']) }} end as ad_group_key,
    stats.campaign_id,
    stats.ad_group_id,
    stats.placement,
    stats.placement_name,
    stats.placement_url,
    stats.placement_type
{% endcall %}
