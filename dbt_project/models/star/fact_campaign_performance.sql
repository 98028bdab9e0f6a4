{{ config(
    key=['organization_id', 'platform', 'connection_id', 'date_day'],
    order_by=['organization_id', 'date_day', 'campaign_key'],
    own_days=true,
) }}

{% call performance_fact('campaign_day', ref('int_campaign_performance_unioned'), measures=[
    'view_through_conversions', 'engagements', 'likes', 'shares', 'comments', 'video_views', 'video_views_25',
    'video_views_50', 'video_views_75', 'video_views_100', 'video_completions', 'mobile_impressions',
    'desktop_impressions', 'tablet_impressions', 'reach', 'frequency', 'quality_score', 'relevance_score',
    'demographics',
]) %}
    {{ entity_key(['campaign_id']) }} as campaign_key,
    stats.campaign_id
{% endcall %}
