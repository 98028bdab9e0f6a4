with

source as (
    {{ winning_rows('linkedin_ads', 'campaign_group_analytics', ['campaign_group_id'], values=linkedin_measures() | list) }}
),

renamed as (
    select
        {{ of_account() }},
        campaign_group_id as campaign_id,
        date as date_day,
        {{ linkedin_numbers() }},
        {{ of_sync() }}
    from source
)

select * from renamed
