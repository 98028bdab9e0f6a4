{{ config(
    key=['organization_id', 'platform', 'connection_id', 'date_day'],
    order_by=['organization_id', 'date_day', 'campaign_key', 'age', 'gender'],
    own_days=true,
) }}

-- Who saw a campaign, a row a group: what fact_campaign_performance has as one text in `demographics`.

{% call performance_fact('campaign_demographic_day', '(' ~ union_of('campaign_demographic_day') ~ ')', measures=['reach']) %}
    {{ entity_key(['campaign_id']) }} as campaign_key,
    stats.campaign_id,
    coalesce(stats.age, 'unknown') as age,
    coalesce(stats.gender, 'unknown') as gender
{% endcall %}
