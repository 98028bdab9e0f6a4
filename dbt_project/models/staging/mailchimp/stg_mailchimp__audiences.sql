-- Audiences as they are known last.

with

source as (
    {{ last_listed_rows('mailchimp', 'audiences', ['audience_id'], values=['name', 'member_count', 'last_sent_at']) }}
),

renamed as (
    select
        source._organization_id as organization_id,
        source._connection_id as connection_id,
        source.platform,
        source.account_id,
        source.audience_id,
        source.name as audience_name,
        source.is_double_opt_in,
        source.member_count,
        source.unsubscribe_count,
        source.cleaned_count,
        source.created_at,
        source.last_sent_at,
        source.is_removed,
        source._sync_id,
        source._synced_at
    from source
)

select * from renamed
