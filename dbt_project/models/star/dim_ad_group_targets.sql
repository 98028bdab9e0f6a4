{{ config(
    key=['organization_id', 'platform', 'connection_id'],
    order_by=['organization_id', 'connection_id', 'ad_group_id', 'target_kind', 'target_name'],
) }}

with

dirty_keys as (
    {% call dirty_keys() %}
    select
        organization_id,
        platform,
        connection_id,
        {{ set_fingerprint(['ad_group_id', 'target_kind', 'target_id', 'target_name', '_sync_id']) }} as fingerprint
    from {{ ref('int_ad_group_targets_unioned') }}
    group by organization_id, platform, connection_id
    {% endcall %}
),

audiences as (
    select audiences.*
    from {{ ref('int_ad_group_targets_unioned') }} as audiences
    inner join dirty_keys
        on
            audiences.organization_id = dirty_keys.organization_id
            and audiences.connection_id = dirty_keys.connection_id
),

keyed as (
    select
        {{ of_connection('audiences') }},
        {{ entity_key(['ad_group_id'], 'audiences') }} as ad_group_key,
        audiences.ad_group_id,
        audiences.target_kind,
        audiences.target_id,
        audiences.target_name,
        audiences._sync_id
    from audiences
)

select * from keyed
