{{ config(
    key=['organization_id', 'connection_id'],
    order_by=['organization_id', 'connection_id', 'ad_group_key', 'valid_from'],
) }}

{% set facts = ['fact_ad_group_performance', 'fact_ad_creative_performance'] %}

with

dirty_keys as (
    {% call dirty_keys() %}
    {{ list_versions_fingerprints('int_ad_group_changes', ['ad_group_id'], facts, ['campaign_id']) }}
    {% endcall %}
),

{{ list_versions('int_ad_group_changes', ['ad_group_id']) }}

{{ unlisted_of_dirty_keys('int_ad_group_changes', ['ad_group_id'], facts, ['campaign_id']) }}

statuses as (
    select
        platform,
        platform_word as platform_status,
        word as status
    from {{ ref('int_platform_words') }}
    where kind = 'status'
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
        versions.bidding_strategy,
        versions.conversion_event,
        versions.target_countries,
        versions.targeting,
        versions.target_genders,
        versions.target_age_min,
        versions.target_age_max,
        versions.daily_budget,
        versions.total_budget,
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
),

-- What facts show and no list has yet has a member of its own, so that no join loses it.
inferred as (
    select
        {{ surrogate_key(['unlisted.organization_id', 'unlisted.platform', 'unlisted.account_id', 'unlisted.ad_group_id']) }} as ad_group_key,
        unlisted.organization_id,
        unlisted.platform,
        unlisted.connection_id,
        unlisted.account_id,
        {{ surrogate_key(['unlisted.organization_id', 'unlisted.platform', 'unlisted.account_id', 'unlisted.campaign_id']) }} as campaign_key,
        unlisted.campaign_id,
        unlisted.ad_group_id,
        'Unknown ad group' as ad_group_name,
        {{ unreported('varchar') }} as ad_group_type,
        {{ unreported('varchar') }} as currency_code,
        {{ unreported('decimal(18, 6)') }} as bid_amount,
        {{ unreported('varchar') }} as bidding_strategy,
        {{ unreported('varchar') }} as conversion_event,
        {{ unreported('varchar') }} as target_countries,
        {{ unreported('varchar') }} as targeting,
        {{ unreported('varchar') }} as target_genders,
        {{ unreported('integer') }} as target_age_min,
        {{ unreported('integer') }} as target_age_max,
        {{ unreported('decimal(18, 6)') }} as daily_budget,
        {{ unreported('decimal(18, 6)') }} as total_budget,
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
        {{ surrogate_key(['ad_group_key', 'valid_from']) }} as ad_group_version_key,
        unioned.*
    from unioned
)

select * from keyed
