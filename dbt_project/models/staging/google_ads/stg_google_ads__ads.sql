with

source as (
    {{ listed_rows('google_ads', 'ads', ['ad_group_id', 'ad_id'], values=[
        'campaign_id', 'name', 'type', 'final_urls', 'status', 'image_url', 'headlines', 'descriptions',
    ]) }}
),

renamed as (
    select
        -- ids
        _organization_id as organization_id,
        _connection_id as connection_id,
        platform,
        account_id,
        campaign_id,
        ad_group_id,
        ad_id,

        -- strings
        name as ad_name,
        status as platform_status,
        type as ad_type,
        {{ first_of_json_list('final_urls') }} as landing_url,
        {{ joined_texts('headlines', 'text') }} as headlines,
        {{ joined_texts('descriptions', 'text') }} as descriptions,
        image_url as creative_url,
        image_url as thumbnail_url,

        -- lineage
        is_current_list,
        _sync_id,
        _synced_at
    from source
)

select * from renamed
