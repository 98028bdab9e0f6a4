{{ config(
    key=['organization_id', 'connection_id'],
    order_by=['organization_id', 'connection_id', 'ad_key', 'valid_from'],
) }}

with

dirty_keys as (
    {% call dirty_keys() %}
    {{ list_versions_fingerprints('int_ad_changes') }}
    {% endcall %}
),

{{ list_versions('int_ad_changes', ['ad_group_id', 'ad_id']) }}

statuses as (
    select * from {{ ref('entity_statuses') }}
),

creative_types as (
    select * from {{ ref('creative_types') }}
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
        {%- for part in ['source', 'medium', 'campaign', 'term', 'content'] %}
        {{ url_parameter('versions.landing_url', 'utm_' ~ part) }} as utm_{{ part }},
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
        false as is_unknown,
        versions.sync_id as _sync_id
    from versions
    left join statuses
        on
            versions.platform = statuses.platform
            and versions.platform_status = statuses.platform_status
    left join creative_types
        on versions.platform = creative_types.platform and versions.ad_type = creative_types.ad_type
),

-- Where facts without a listed parent go, one per organization.
unknown_members as (
    select
        {{ surrogate_key(["dirty_keys.organization_id", "'unknown'"]) }} as ad_key,
        dirty_keys.organization_id,
        'unknown' as platform,
        dirty_keys.connection_id,
        'unknown' as account_id,
        {{ surrogate_key(["dirty_keys.organization_id", "'unknown'"]) }} as campaign_key,
        {{ surrogate_key(["dirty_keys.organization_id", "'unknown'"]) }} as ad_group_key,
        'unknown' as campaign_id,
        'unknown' as ad_group_id,
        'unknown' as ad_id,
        'Unknown ad' as ad_name,
        {{ unreported('varchar') }} as ad_type,
        {{ unreported('varchar') }} as creative_type,
        {{ unreported('varchar') }} as creative_url,
        {{ unreported('varchar') }} as thumbnail_url,
        {{ unreported('varchar') }} as landing_url,
        {{ unreported('varchar') }} as utm_source,
        {{ unreported('varchar') }} as utm_medium,
        {{ unreported('varchar') }} as utm_campaign,
        {{ unreported('varchar') }} as utm_term,
        {{ unreported('varchar') }} as utm_content,
        'UNKNOWN' as status,
        'unknown' as platform_status,
        cast('1900-01-01' as date) as valid_from,
        cast('9999-12-31' as date) as valid_to,
        true as is_current,
        false as is_backfilled,
        false as is_deleted,
        true as is_unknown,
        {{ unreported('varchar') }} as _sync_id
    from dirty_keys
    where dirty_keys.connection_id = 'unknown'
),

unioned as (
    select * from named
    union all
    select * from unknown_members
),

keyed as (
    select
        {{ surrogate_key(['ad_key', 'valid_from']) }} as ad_version_key,
        unioned.*
    from unioned
)

select * from keyed
