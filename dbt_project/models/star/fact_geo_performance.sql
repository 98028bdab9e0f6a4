{{ config(
    key=['organization_id', 'platform', 'connection_id', 'date_day'],
    order_by=['organization_id', 'date_day', 'campaign_key', 'country_key', 'location_key', 'location_type'],
    own_days=true,
) }}

{% call performance_fact('geo_day', ref('int_geo_performance_unioned')) %}
    {{ entity_key(['campaign_id']) }} as campaign_key,
    {{ surrogate_key(['stats.organization_id', 'stats.platform', "coalesce(stats.region_id, stats.country_id, 'unknown')"]) }} as location_key,
    {{ surrogate_key(['stats.organization_id', 'stats.platform', "coalesce(stats.country_id, 'unknown')"]) }} as country_key,
    stats.campaign_id,
    stats.country_id,
    stats.region_id,
    stats.location_type
{% endcall %}
