-- Google merges places that showed few ads: what an ad group, or a Performance Max campaign, has beyond its placements is a
-- row of its own, without a placement. Of the campaign that is all spend, which Google has by no placement.

{{ parts_and_rest(
    'stg_google_ads__placement_stats',
    whole='is_whole',
    keys=['campaign_id', 'ad_group_id'],
    parts=['placement', 'placement_name', 'placement_url', 'placement_type'],
) }}
