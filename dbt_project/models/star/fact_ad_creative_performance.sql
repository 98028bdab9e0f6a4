{{ config(
    key=['organization_id', 'platform', 'connection_id', 'date_day'],
    order_by=['organization_id', 'date_day', 'campaign_key', 'ad_group_key', 'ad_key'],
    own_days=true,
) }}

{% call performance_fact('ad_day', ref('int_ad_performance_unioned'), measures=[
    'view_through_conversions', 'reach', 'frequency', 'engagements', 'likes', 'shares', 'comments', 'outbound_clicks',
    'unique_outbound_clicks', 'video_views', 'video_views_25', 'video_views_50', 'video_views_75',
    'video_views_100', 'video_completions', 'quality_ranking', 'engagement_ranking', 'conversion_ranking',
]) %}
    {{ entity_key(['campaign_id']) }} as campaign_key,
    {{ entity_key(['ad_group_id']) }} as ad_group_key,
    {{ entity_key(['ad_group_id', 'ad_id']) }} as ad_key,
    stats.campaign_id,
    stats.ad_group_id,
    stats.ad_id
{% endcall %}
