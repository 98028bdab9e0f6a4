-- Messages of campaigns as they are known last.

with

campaigns as (
    {{ last_listed_rows('klaviyo', 'campaigns', ['campaign_id'], values=['name', 'status', 'updated_at', 'messages']) }}
),

lists as (
    {{ last_listed_rows('klaviyo', 'lists', ['list_id'], values=['name']) }}
),

segments as (
    {{ last_listed_rows('klaviyo', 'segments', ['segment_id'], values=['name']) }}
),

messages as (
    select
        *,
        {{ json_elements('messages') }} as message,
        -- Of several audiences none is the message's.
        case when included_audiences not like '%,%' then {{ first_of_json_list('included_audiences') }} end as audience_id
    from campaigns
),

renamed as (
    select
        {{ of_account('messages') }},
        {{ json_text('messages.message', 'id') }} as message_id,
        messages.campaign_id,
        messages.name as message_name,
        'campaign' as message_type,
        case messages.channel when 'mobile_push' then 'push' else messages.channel end as channel,
        {{ json_text('messages.message', 'subject') }} as subject,
        messages.status as platform_status,
        messages.audience_id,
        coalesce(lists.name, segments.name) as audience_name,
        -- Of one that is planned it is the plan.
        case when messages.status = 'Sent' then messages.sent_at end as sent_at,
        messages.created_at,
        messages.is_removed,
        messages._sync_id,
        messages._synced_at
    from messages
    left join lists on messages._connection_id = lists._connection_id and messages.audience_id = lists.list_id
    left join segments on messages._connection_id = segments._connection_id and messages.audience_id = segments.segment_id
    where {{ json_text('messages.message', 'id') }} is not null
    -- A message is of one campaign.
    qualify row_number() over (
        partition by messages._connection_id, {{ json_text('messages.message', 'id') }}
        order by messages.is_removed, messages._synced_at desc, messages.campaign_id desc
    ) = 1
)

select * from renamed
