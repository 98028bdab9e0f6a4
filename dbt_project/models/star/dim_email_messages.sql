{{ config(
    key=['organization_id', 'connection_id'],
    order_by=['organization_id', 'connection_id', 'message_key'],
) }}

{% set described = ['campaign_id', 'message_name', 'message_type', 'channel', 'subject', 'flow_id', 'flow_name', 'audience_id', 'audience_name',
    'status', 'platform_status', 'created_at', 'sent_at', 'is_removed', '_sync_id'] %}

-- What facts show and no list has.
{% set unlisted %}
select distinct
    days.organization_id,
    days.platform,
    days.connection_id,
    days.account_id,
    days.message_id
from {{ ref('int_email_days_unioned') }} as days
left join {{ ref('int_email_messages_unioned') }} as messages
    on days.connection_id = messages.connection_id and days.message_id = messages.message_id
where messages.message_id is null
{% endset %}

with

dirty_keys as (
    {% call dirty_keys() %}
    select
        organization_id,
        connection_id,
        {{ set_fingerprint(['source', 'content']) }} as fingerprint
    from (
        select
            organization_id,
            connection_id,
            'list' as source,
            {{ row_text(['platform', 'account_id', 'message_id'] + described) }} as content
        from {{ ref('int_email_messages_unioned') }}
        union all
        select
            organization_id,
            connection_id,
            'facts' as source,
            {{ row_text(['platform', 'account_id', 'message_id']) }} as content
        from ({{ unlisted }}) as unlisted
    ) as members
    group by organization_id, connection_id
    {% endcall %}
),

listed as (
    select
        {{ entity_key(['message_id'], 'messages') }} as message_key,
        messages.organization_id,
        messages.platform,
        messages.connection_id,
        messages.account_id,
        messages.message_id,
        messages.campaign_id,
        messages.message_name,
        messages.message_type,
        messages.channel,
        messages.subject,
        messages.flow_id,
        messages.flow_name,
        messages.audience_id,
        messages.audience_name,
        messages.status,
        messages.platform_status,
        messages.created_at,
        messages.sent_at,
        messages.is_removed as is_deleted,
        false as is_inferred,
        messages._sync_id
    from {{ ref('int_email_messages_unioned') }} as messages
    inner join dirty_keys on messages.connection_id = dirty_keys.connection_id
),

inferred as (
    select
        {{ entity_key(['message_id'], 'unlisted') }} as message_key,
        unlisted.organization_id,
        unlisted.platform,
        unlisted.connection_id,
        unlisted.account_id,
        unlisted.message_id,
        {%- for name in described if name not in ['message_name', 'status', 'is_removed', '_sync_id'] %}
        {{ unreported('timestamp with time zone' if name.endswith('_at') else 'varchar') }} as {{ name }},
        {%- endfor %}
        'Unknown message' as message_name,
        'UNKNOWN' as status,
        false as is_deleted,
        true as is_inferred,
        {{ unreported('varchar') }} as _sync_id
    from ({{ unlisted }}) as unlisted
    inner join dirty_keys on unlisted.connection_id = dirty_keys.connection_id
),

unioned as (
    select * from listed
    union all by name
    select * from inferred
)

select * from unioned
