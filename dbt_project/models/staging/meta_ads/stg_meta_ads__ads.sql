with

source as (
    {{ listed_rows('meta_ads', 'ads', ['ad_id'], values=[
        'campaign_id', 'ad_set_id', 'name', 'status', 'effective_status', 'created_time',
        'updated_time', 'creative_id', 'creative_name', 'creative_title', 'creative_body',
        'creative_object_type', 'creative_object_story_id', 'creative_object_story_spec',
        'thumbnail_url', 'image_url', 'link_url', 'url_tags',
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
        ad_set_id as ad_group_id,
        ad_id,
        creative_id,

        -- strings
        name as ad_name,
        status,
        effective_status as platform_status,
        creative_name,
        creative_title as headlines,
        creative_body as descriptions,
        creative_object_type,
        -- A post with cards is of the type of any shared link; only its composition shows it.
        case
            when {{ json_text('creative_object_story_spec', 'link_data.child_attachments') }} is not null then 'CAROUSEL'
            when {{ json_text('creative_object_story_spec', 'template_data') }} is not null then 'CATALOG'
            else creative_object_type
        end as ad_type,
        thumbnail_url,
        image_url as creative_url,
        coalesce(
            link_url,
            {{ json_text('creative_object_story_spec', 'link_data.link') }},
            {{ json_text('creative_object_story_spec', 'video_data.call_to_action.value.link') }},
            {{ json_text('creative_object_story_spec', 'template_data.link') }}
        ) as landing_url,
        {{ meta_tags('url_tags') }} as url_tags,

        -- times
        created_time as created_at,
        updated_time as updated_at,

        -- lineage
        is_current_list,
        _sync_id,
        _synced_at
    from source
)

select * from renamed
