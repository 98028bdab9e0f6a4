with

source as (
    {{ winning_rows('tiktok_ads', 'ad_group_reports', ['ad_group_id'], values=tiktok_measures() | list + ['campaign_id']) }}
),

renamed as (
    select
        {{ of_account() }},
        campaign_id,
        ad_group_id,
        date as date_day,
        {{ tiktok_numbers() }},
        {{ of_sync() }}
    from source
)

select * from renamed
