-- Mails of flows as they are known last, each with the state of its flow.

with

messages as (
    {{ last_listed_rows('klaviyo', 'flow_messages', ['flow_message_id'], values=['flow_id', 'name', 'updated_at']) }}
),

flows as (
    {{ last_listed_rows('klaviyo', 'flows', ['flow_id'], values=['name', 'status', 'updated_at']) }}
),

renamed as (
    select
        {{ of_account('messages') }},
        messages.flow_message_id as message_id,
        {{ unreported('varchar') }} as campaign_id,
        messages.name as message_name,
        'flow' as message_type,
        messages.channel,
        messages.subject,
        flows.status as platform_status,
        messages.flow_id,
        flows.name as flow_name,
        messages.created_at,
        messages.is_removed,
        messages._sync_id,
        messages._synced_at
    from messages
    left join flows on messages._connection_id = flows._connection_id and messages.flow_id = flows.flow_id
)

select * from renamed
