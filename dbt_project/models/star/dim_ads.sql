{{ config(
    key=['organization_id', 'connection_id'],
    order_by=['organization_id', 'connection_id', 'ad_key', 'valid_from'],
) }}

{% set facts = ['fact_ad_creative_performance'] %}

with

dirty_keys as (
    {% call dirty_keys() %}
    {{ list_versions_fingerprints('int_ad_changes', ['ad_group_id', 'ad_id'], facts, ['campaign_id']) }}
    {% endcall %}
),

{{ list_versions('int_ad_changes', ['ad_group_id', 'ad_id']) }}

{{ unlisted_of_dirty_keys('int_ad_changes', ['ad_group_id', 'ad_id'], facts, ['campaign_id']) }}

statuses as (
    select
        platform,
        platform_word as platform_status,
        word as status
    from {{ ref('int_platform_words') }}
    where kind = 'status'
),

creative_types as (
    select
        platform,
        platform_word as ad_type,
        word as creative_type
    from {{ ref('int_platform_words') }}
    where kind = 'creative_type'
),

named as (
    select
        {{ surrogate_key(['versions.organization_id', 'versions.platform', 'versions.account_id', 'versions.ad_group_id', 'versions.ad_id']) }} as ad_key,
        versions.organization_id,
        versions.platform,
        versions.connection_id,
        versions.account_id,
        {{ surrogate_key(['versions.organization_id', 'versions.platform', 'versions.account_id', 'versions.campaign_id']) }} as campaign_key,
        {{ surrogate_key(['versions.organization_id', 'versions.platform', 'versions.account_id', 'versions.ad_group_id']) }} as ad_group_key,
        versions.campaign_id,
        versions.ad_group_id,
        versions.ad_id,
        versions.ad_name,
        versions.ad_type,
        creative_types.creative_type,
        versions.creative_url,
        versions.thumbnail_url,
        versions.landing_url,
        versions.headlines,
        versions.descriptions,
        {%- for part in ['source', 'medium', 'campaign', 'term', 'content'] %}
        -- The page's own parameters stand before those that the platform appends.
        coalesce(
            {{ url_parameter('versions.landing_url', 'utm_' ~ part) }},
            {{ url_parameter("concat('?', versions.url_tags)", 'utm_' ~ part) }}
        ) as utm_{{ part }},
        {%- endfor %}
        case
            when versions.is_deleted then 'DELETED'
            else coalesce(statuses.status, 'UNKNOWN')
        end as status,
        versions.platform_status,
        versions.valid_from,
        versions.valid_to,
        versions.is_current,
        versions.is_backfilled,
        versions.is_deleted,
        false as is_inferred,
        versions.sync_id as _sync_id
    from versions
    left join statuses
        on
            versions.platform = statuses.platform
            and versions.platform_status = statuses.platform_status
    left join creative_types
        on versions.platform = creative_types.platform and versions.ad_type = creative_types.ad_type
),

-- What facts show and no list has yet has a member of its own, so that no join loses it.
inferred as (
    select
        {{ surrogate_key(['unlisted.organization_id', 'unlisted.platform', 'unlisted.account_id', 'unlisted.ad_group_id', 'unlisted.ad_id']) }} as ad_key,
        unlisted.organization_id,
        unlisted.platform,
        unlisted.connection_id,
        unlisted.account_id,
        {{ surrogate_key(['unlisted.organization_id', 'unlisted.platform', 'unlisted.account_id', 'unlisted.campaign_id']) }} as campaign_key,
        {{ surrogate_key(['unlisted.organization_id', 'unlisted.platform', 'unlisted.account_id', 'unlisted.ad_group_id']) }} as ad_group_key,
        unlisted.campaign_id,
        unlisted.ad_group_id,
        unlisted.ad_id,
        'Unknown ad' as ad_name,
        {{ unreported('varchar') }} as ad_type,
        {{ unreported('varchar') }} as creative_type,
        {{ unreported('varchar') }} as creative_url,
        {{ unreported('varchar') }} as thumbnail_url,
        {{ unreported('varchar') }} as landing_url,
        {{ unreported('varchar') }} as headlines,
        {{ unreported('varchar') }} as descriptions,
        {{ unreported('varchar') }} as utm_source,
        {{ unreported('varchar') }} as utm_medium,
        {{ unreported('varchar') }} as utm_campaign,
        {{ unreported('varchar') }} as utm_term,
        {{ unreported('varchar') }} as utm_content,
        'UNKNOWN' as status,
        {{ unreported('varchar') }} as platform_status,
        cast('1900-01-01' as date) as valid_from,
        cast('9999-12-31' as date) as valid_to,
        true as is_current,
        true as is_backfilled,
        false as is_deleted,
        true as is_inferred,
        {{ unreported('varchar') }} as _sync_id
    from unlisted
),

unioned as (
    select * from named
    union all
    select * from inferred
),

keyed as (
    select
        {{ surrogate_key(['ad_key', 'valid_from']) }} as ad_version_key,
        unioned.*
    from unioned
)

select * from keyed
