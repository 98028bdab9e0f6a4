with

source as (
    {{ listed_rows('tiktok_ads', 'advertisers', ['advertiser_id'], values=[
        'name', 'currency', 'timezone', 'display_timezone', 'status', 'role', 'country',
        'create_time',
    ]) }}
),

renamed as (
    select
        {{ of_account() }},
        advertiser_id,
        name as account_name,
        currency as account_currency,
        coalesce(display_timezone, timezone) as account_time_zone,
        {{ of_list() }}
    from source
)

select * from renamed
