with

source as (
    {{ winning_rows('tiktok_ads', 'campaign_reports', ['campaign_id'], values=tiktok_measures() | list) }}
),

renamed as (
    select
        {{ of_account() }},
        campaign_id,
        date as date_day,
        {{ tiktok_numbers() }},
        {{ of_sync() }}
    from source
)

select * from renamed
