{{ config(
    key=['organization_id', 'connection_id'],
    order_by=['organization_id', 'connection_id', 'campaign_key', 'valid_from'],
) }}

with

dirty_keys as (
    {% call dirty_keys() %}
    {{ list_versions_fingerprints('int_campaign_changes') }}
    {% endcall %}
),

{{ list_versions('int_campaign_changes', ['campaign_id']) }}

statuses as (
    select * from {{ ref('entity_statuses') }}
),

channel_rules as (
    select * from {{ ref('channel_rules') }}
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
        coalesce(channel_rules.channel, 'unattributed') as channel,
        versions.currency_code,
        versions.budget_type,
        versions.daily_budget,
        versions.total_budget,
        versions.start_date,
        versions.end_date,
        versions.targeting,
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
    left join channel_rules
        on
            versions.platform = channel_rules.platform
            and versions.campaign_type = channel_rules.campaign_type
),

-- Where facts without a listed parent go, one per organization.
unknown_members as (
    select
        {{ surrogate_key(["dirty_keys.organization_id", "'unknown'"]) }} as campaign_key,
        dirty_keys.organization_id,
        'unknown' as platform,
        dirty_keys.connection_id,
        'unknown' as account_id,
        'unknown' as campaign_id,
        'Unknown campaign' as campaign_name,
        {{ unreported('varchar') }} as objective,
        {{ unreported('varchar') }} as campaign_type,
        'unattributed' as channel,
        {{ unreported('varchar') }} as currency_code,
        {{ unreported('varchar') }} as budget_type,
        {{ unreported('decimal(18, 6)') }} as daily_budget,
        {{ unreported('decimal(18, 6)') }} as total_budget,
        {{ unreported('date') }} as start_date,
        {{ unreported('date') }} as end_date,
        {{ unreported('varchar') }} as targeting,
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
        {{ surrogate_key(['campaign_key', 'valid_from']) }} as campaign_version_key,
        unioned.*
    from unioned
)

select * from keyed
