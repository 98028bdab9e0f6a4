{{ config(
    key=['organization_id', 'platform', 'connection_id', 'date_day'],
    order_by=['organization_id', 'date_day', 'campaign_key', 'ad_group_key', 'search_term'],
    own_days=true,
) }}

-- What people searched for before they saw an ad; what the platform withholds is a row without a term.

{% call performance_fact('search_term_day', '(' ~ union_of('search_term_day') ~ ')') %}
    {{ entity_key(['campaign_id']) }} as campaign_key,
    case when stats.ad_group_id is not null then {{ entity_key(['ad_group_id']) }} end as ad_group_key,
    stats.campaign_id,
    stats.ad_group_id,
    stats.search_term,
    stats.term_status
{% endcall %}
