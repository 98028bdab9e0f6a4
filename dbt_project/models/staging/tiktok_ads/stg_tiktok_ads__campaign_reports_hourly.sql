with

source as (
    {{ winning_rows('tiktok_ads', 'campaign_reports_hourly', ['campaign_id', 'hour'], values=tiktok_measures(daily=false) | list) }}
),

renamed as (
    select
        {{ of_account() }},
        campaign_id,
        date as date_day,
        case when hour between 0 and 23 then hour end as local_hour,
        {{ tiktok_numbers(daily=false) }},
        {{ of_sync() }}
    from source
)

select * from renamed
