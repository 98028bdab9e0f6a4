-- Campaigns as they are known last; one that the newest list lacks is removed, if nothing of that list was rejected.

with

source as (
    {{ listed_rows('mailchimp', 'campaigns', ['campaign_id'], values=['title', 'status', 'subject', 'sent_at']) }}
),

renamed as (
    select
        source._organization_id as organization_id,
        source._connection_id as connection_id,
        source.platform,
        source.account_id,
        source.campaign_id as message_id,
        source.campaign_id,
        source.title as message_name,
        'campaign' as message_type,
        'email' as channel,
        source.subject,
        source.status as platform_status,
        source.audience_id,
        source.audience_name,
        source.created_at,
        -- Of one that is planned it is the plan.
        case when source.status in ('sent', 'sending') then source.sent_at end as sent_at,
        source.is_older_list as is_removed,
        source._sync_id,
        source._synced_at
    from source
    qualify row_number() over (
        partition by source._connection_id, source.campaign_id
        order by source.list_fetched_at desc, source._sync_id desc
    ) = 1
)

select * from renamed
