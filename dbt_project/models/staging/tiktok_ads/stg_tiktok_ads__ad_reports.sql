with

source as (
    {{ winning_rows('tiktok_ads', 'ad_reports', ['ad_id'], values=tiktok_measures() | list + ['campaign_id', 'ad_group_id']) }}
),

renamed as (
    select
        {{ of_account() }},
        campaign_id,
        ad_group_id,
        ad_id,
        date as date_day,
        {{ tiktok_numbers() }},
        {{ of_sync() }}
    from source
)

select * from renamed
