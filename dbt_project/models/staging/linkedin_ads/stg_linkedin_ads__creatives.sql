-- A creative names its campaign, and not the group of that: the same account's newest campaigns do.

with

source as (
    {{ listed_rows('linkedin_ads', 'creatives', ['creative_id'], values=[
        'campaign_id', 'name', 'intended_status', 'review_status', 'content', 'last_modified_ms',
    ]) }}
),

groups as (
    select
        connection_id,
        ad_group_id,
        campaign_id
    from {{ ref('stg_linkedin_ads__campaigns') }}
    qualify row_number() over (
        partition by connection_id, ad_group_id
        order by _sync_id desc
    ) = 1
),

renamed as (
    select
        source._organization_id as organization_id,
        source._connection_id as connection_id,
        source.platform,
        source.account_id,
        {{ known_parent('groups.campaign_id') }} as campaign_id,
        {{ known_parent('source.campaign_id') }} as ad_group_id,
        source.creative_id as ad_id,
        source.name as ad_name,
        -- What a post shows is in the post, which is not read.
        case
            when {{ json_text('source.content', 'textAd.headline') }} is not null then 'textAd'
            else nullif(regexp_extract({{ json_text('source.content', 'reference') }}, '^urn:li:([A-Za-z]+):', 1), '')
        end as ad_type,
        case when source.review_status = 'REJECTED' then 'REJECTED' else source.intended_status end as platform_status,
        {{ json_text('source.content', 'textAd.landingPage') }} as landing_url,
        source.is_current_list,
        source._sync_id,
        source._synced_at
    from source
    left join groups
        on source._connection_id = groups.connection_id and source.campaign_id = groups.ad_group_id
)

select * from renamed
