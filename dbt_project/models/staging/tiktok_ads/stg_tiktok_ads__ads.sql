with

source as (
    {{ listed_rows('tiktok_ads', 'ads', ['ad_id'], values=[
        'ad_group_id', 'campaign_id', 'name', 'ad_format', 'landing_page_url',
        'operation_status', 'secondary_status', 'modify_time',
    ]) }}
),

renamed as (
    select
        {{ of_account() }},
        campaign_id,
        ad_group_id,
        ad_id,
        name as ad_name,
        ad_format as ad_type,
        {{ tiktok_status('secondary_status') }} as platform_status,
        landing_page_url as landing_url,
        {{ of_list() }}
    from source
)

select * from renamed
