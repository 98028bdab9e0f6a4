-- A resource name ends in the ids of the ad group and of the ad or keyword: customers/1/adGroupAds/2~3.

with

source as (
    {{ winning_rows('google_ads', 'clicks', ['click_id'], values=[
        'campaign_id', 'ad_group_ad', 'keyword', 'device', 'clicks',
    ]) }}
),

renamed as (
    select
        -- ids
        _organization_id as organization_id,
        _connection_id as connection_id,
        platform,
        account_id,
        click_id,
        campaign_id,
        nullif(split_part(split_part(coalesce(ad_group_ad, keyword), '/', 4), '~', 1), '') as ad_group_id,
        nullif(split_part(split_part(ad_group_ad, '/', 4), '~', 2), '') as ad_id,
        nullif(split_part(split_part(keyword, '/', 4), '~', 2), '') as keyword_id,

        -- strings
        lower(device) as device,
        currency_code,
        time_zone,

        -- numbers
        clicks,

        -- dates
        date as date_day,

        -- lineage
        _sync_id,
        _chunk_id,
        _synced_at
    from source
)

select * from renamed
