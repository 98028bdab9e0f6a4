-- Google withholds terms that few people searched for: what an ad group, or a Performance Max campaign, has beyond its
-- terms is a row of its own, without a term.

{{ parts_and_rest(
    'stg_google_ads__search_term_stats',
    whole='is_whole',
    keys=['campaign_id', 'ad_group_id'],
    parts=['search_term', 'term_status'],
) }}
