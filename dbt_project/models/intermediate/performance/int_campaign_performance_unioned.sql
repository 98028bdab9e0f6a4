-- The numbers of campaigns by day, of every platform, with who saw them on what: these come from
-- streams of their own, whose winners may be other syncs.

{% set devices = ['mobile', 'desktop', 'tablet'] %}

with

stats as (
    {{ union_of('campaign_day') }}
),

completed as (
    select
        stats.* exclude (demographics, {{ devices | join('_impressions, ') }}_impressions),
        {%- for device in devices %}
        coalesce(stats.{{ device }}_impressions, devices.{{ device }}_impressions) as {{ device }}_impressions,
        {%- endfor %}
        coalesce(stats.demographics, demographics.demographics) as demographics
    from stats
    left join {{ ref('int_campaign_devices') }} as devices
        on
            stats.connection_id = devices.connection_id
            and stats.campaign_id = devices.campaign_id
            and stats.date_day = devices.date_day
    left join {{ ref('int_campaign_demographics') }} as demographics
        on
            stats.connection_id = demographics.connection_id
            and stats.campaign_id = demographics.campaign_id
            and stats.date_day = demographics.date_day
)

select * from completed
