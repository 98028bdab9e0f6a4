-- Who saw a campaign on a day, as one JSON list: its numbers are another cut of the campaign's own, and
-- people (reach) are in none of them twice but may be in several.

with

demographics as (
    {{ union_of('campaign_demographic_day') }}
),

grouped as (
    select
        connection_id,
        campaign_id,
        date_day,
        {{ json_rows({
            'age': 'age',
            'gender': 'gender',
            'impressions': 'impressions',
            'clicks': 'clicks',
            'spend': 'cast(spend as varchar)',
            'conversions': 'cast(conversions as varchar)',
            'conversion_value': 'cast(conversion_value as varchar)',
            'reach': 'reach',
        }, order=['age', 'gender']) }} as demographics
    from demographics
    group by connection_id, campaign_id, date_day
)

select * from grouped
