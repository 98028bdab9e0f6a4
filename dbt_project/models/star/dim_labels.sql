{{ config(
    key=['organization_id', 'platform', 'connection_id'],
    order_by=['organization_id', 'connection_id', 'label_name', 'campaign_id', 'ad_group_id', 'ad_id'],
) }}

with

dirty_keys as (
    {% call dirty_keys() %}
    select
        organization_id,
        platform,
        connection_id,
        {{ set_fingerprint(['label_id', 'label_name', 'campaign_id', 'ad_group_id', 'ad_id', '_sync_id']) }} as fingerprint
    from {{ ref('int_labels_unioned') }}
    group by organization_id, platform, connection_id
    {% endcall %}
),

labels as (
    select labels.*
    from {{ ref('int_labels_unioned') }} as labels
    inner join dirty_keys
        on labels.organization_id = dirty_keys.organization_id and labels.connection_id = dirty_keys.connection_id
),

keyed as (
    select
        {{ of_connection('labels') }},
        case
            when labels.ad_id is not null then 'ad'
            when labels.ad_group_id is not null then 'ad_group'
            else 'campaign'
        end as labelled,
        {{ entity_key(['campaign_id'], 'labels') }} as campaign_key,
        case when labels.ad_group_id is not null then {{ entity_key(['ad_group_id'], 'labels') }} end as ad_group_key,
        case when labels.ad_id is not null then {{ entity_key(['ad_group_id', 'ad_id'], 'labels') }} end as ad_key,
        labels.campaign_id,
        labels.ad_group_id,
        labels.ad_id,
        labels.label_id,
        labels.label_name,
        labels._sync_id
    from labels
)

select * from keyed
