{{ config(
    key=['organization_id', 'connection_id'],
    order_by=['organization_id', 'connection_id', 'ad_group_key', 'valid_from'],
) }}

with

dirty_keys as (
    {% call dirty_keys() %}
    {{ list_versions_fingerprints('int_ad_group_changes') }}
    {% endcall %}
),

{{ list_versions('int_ad_group_changes', ['ad_group_id']) }}

statuses as (
    select * from {{ ref('entity_statuses') }}
),

named as (
    select
        {{ surrogate_key(['versions.organization_id', 'versions.platform', 'versions.account_id', 'versions.ad_group_id']) }} as ad_group_key,
        versions.organization_id,
        versions.platform,
        versions.connection_id,
        versions.account_id,
        {{ surrogate_key(['versions.organization_id', 'versions.platform', 'versions.account_id', 'versions.campaign_id']) }} as campaign_key,
        versions.campaign_id,
        versions.ad_group_id,
        versions.ad_group_name,
        versions.ad_group_type,
        versions.currency_code,
        versions.bid_amount,
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
),

-- Where facts without a listed parent go, one per organization.
unknown_members as (
    select
        {{ surrogate_key(["dirty_keys.organization_id", "'unknown'"]) }} as ad_group_key,
        dirty_keys.organization_id,
        'unknown' as platform,
        dirty_keys.connection_id,
        'unknown' as account_id,
        {{ surrogate_key(["dirty_keys.organization_id", "'unknown'"]) }} as campaign_key,
        'unknown' as campaign_id,
        'unknown' as ad_group_id,
        'Unknown ad group' as ad_group_name,
        {{ unreported('varchar') }} as ad_group_type,
        {{ unreported('varchar') }} as currency_code,
        {{ unreported('decimal(18, 6)') }} as bid_amount,
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
        {{ surrogate_key(['ad_group_key', 'valid_from']) }} as ad_group_version_key,
        unioned.*
    from unioned
)

select * from keyed
