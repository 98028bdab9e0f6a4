with

source as (
    {{ winning_rows('linkedin_ads', 'member_demographics', ['pivot', 'member_value'], values=[
        'impressions', 'clicks', 'cost', 'conversions', 'leads', 'video_views', 'total_engagements',
    ]) }}
),

renamed as (
    select
        {{ of_account() }},
        lower(replace(replace(source.pivot, 'MEMBER_', ''), '_V2', '')) as dimension,
        replace(member_value, 'urn:li:', '') as member_group,
        impressions,
        clicks,
        {{ exact('cost') }} as spend,
        conversions,
        leads,
        video_views,
        total_engagements as engagements,
        date as date_day,
        {{ of_sync() }}
    from source
)

select * from renamed
