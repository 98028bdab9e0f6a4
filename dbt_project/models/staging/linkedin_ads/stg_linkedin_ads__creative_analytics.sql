with

source as (
    {{ winning_rows('linkedin_ads', 'creative_analytics', ['creative_id'], values=linkedin_measures() | list + ['campaign_group_id', 'campaign_id']) }}
),

renamed as (
    select
        {{ of_account() }},
        campaign_group_id as campaign_id,
        campaign_id as ad_group_id,
        creative_id as ad_id,
        date as date_day,
        {{ linkedin_numbers() }},
        {{ of_sync() }}
    from source
)

select * from renamed
