with

source as (
    {{ listed_rows('google_ads', 'labels', ['label_id', 'campaign_id', 'ad_group_id', 'ad_id'], values=['name']) }}
),

renamed as (
    select
        {{ of_account() }},
        label_id,
        campaign_id,
        nullif(ad_group_id, '') as ad_group_id,
        nullif(ad_id, '') as ad_id,
        name as label_name,
        {{ of_list() }}
    from source
)

select * from renamed
