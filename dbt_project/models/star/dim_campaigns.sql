{{ config(
    key=['organization_id', 'connection_id'],
    order_by=['organization_id', 'connection_id', 'campaign_key', 'valid_from'],
) }}

{% set facts = [
    'fact_campaign_performance', 'fact_campaign_performance_hourly', 'fact_ad_group_performance',
    'fact_ad_creative_performance', 'fact_restatements',
] %}

with

dirty_keys as (
    {% call dirty_keys() %}
    {{ list_versions_fingerprints('int_campaign_changes', ['campaign_id'], facts) }}
    {% endcall %}
),

{{ list_versions('int_campaign_changes', ['campaign_id']) }}

{{ unlisted_of_dirty_keys('int_campaign_changes', ['campaign_id'], facts) }}

statuses as (
    select
        platform,
        platform_word as platform_status,
        word as status
    from {{ ref('int_platform_words') }}
    where kind = 'status'
),

channels as (
    select
        platform,
        platform_word as campaign_type,
        word as channel
    from {{ ref('int_platform_words') }}
    where kind = 'channel'
),

named as (
    select
        {{ surrogate_key(['versions.organization_id', 'versions.platform', 'versions.account_id', 'versions.campaign_id']) }} as campaign_key,
        versions.organization_id,
        versions.platform,
        versions.connection_id,
        versions.account_id,
        versions.campaign_id,
        versions.campaign_name,
        versions.objective,
        versions.campaign_type,
        coalesce(channels.channel, 'unattributed') as channel,
        versions.currency_code,
        versions.budget_type,
        versions.daily_budget,
        versions.total_budget,
        versions.start_date,
        versions.end_date,
        versions.targeting,
        versions.campaign_sub_type,
        versions.bidding_strategy,
        versions.budget_id,
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
    left join channels
        on
            versions.platform = channels.platform
            and versions.campaign_type = channels.campaign_type
),

-- What facts show and no list has yet has a member of its own, so that no join loses it. Files have
-- no lists: the id of a campaign of theirs says its name and its channel.
named_by_id as (
    select
        *,
        {{ channel_in_campaign_id('platform', 'campaign_id') }} as campaign_type
    from unlisted
),

inferred as (
    select
        {{ surrogate_key(['named_by_id.organization_id', 'named_by_id.platform', 'named_by_id.account_id', 'named_by_id.campaign_id']) }} as campaign_key,
        named_by_id.organization_id,
        named_by_id.platform,
        named_by_id.connection_id,
        named_by_id.account_id,
        named_by_id.campaign_id,
        coalesce({{ name_in_campaign_id('named_by_id.platform', 'named_by_id.campaign_id') }}, 'Unknown campaign') as campaign_name,
        {{ unreported('varchar') }} as objective,
        named_by_id.campaign_type,
        coalesce(channels.channel, 'unattributed') as channel,
        {{ unreported('varchar') }} as currency_code,
        {{ unreported('varchar') }} as budget_type,
        {{ unreported('decimal(18, 6)') }} as daily_budget,
        {{ unreported('decimal(18, 6)') }} as total_budget,
        {{ unreported('date') }} as start_date,
        {{ unreported('date') }} as end_date,
        {{ unreported('varchar') }} as targeting,
        {{ unreported('varchar') }} as campaign_sub_type,
        {{ unreported('varchar') }} as bidding_strategy,
        {{ unreported('varchar') }} as budget_id,
        'UNKNOWN' as status,
        {{ unreported('varchar') }} as platform_status,
        cast('1900-01-01' as date) as valid_from,
        cast('9999-12-31' as date) as valid_to,
        true as is_current,
        true as is_backfilled,
        false as is_deleted,
        true as is_inferred,
        {{ unreported('varchar') }} as _sync_id
    from named_by_id
    left join channels
        on
            named_by_id.platform = channels.platform
            and named_by_id.campaign_type = channels.campaign_type
),

unioned as (
    select * from named
    union all
    select * from inferred
),

keyed as (
    select
        {{ surrogate_key(['campaign_key', 'valid_from']) }} as campaign_version_key,
        unioned.*
    from unioned
)

select * from keyed
