-- Where each visit of a person came from, in the words of an order's last visit: so both are matched alike.

with

sessions as (
    select
        session_key,
        organization_id,
        platform,
        connection_id,
        account_id,
        visitor_token,
        user_token,
        date_day,
        started_at,
        ended_at,
        order_events,
        channel as session_channel,
        nullif(source, '(direct)') as utm_source,
        nullif(medium, '(none)') as utm_medium,
        nullif(campaign_name, '(not set)') as utm_campaign,
        utm_term,
        utm_content,
        utm_id as landing_campaign_id,
        click_id,
        click_id_type,
        case when source = '(direct)' then 'direct' end as visit_source,
        'web' as source_name,
        {{ unreported('varchar') }} as stated_channel,
        _sync_id
    from {{ ref('fact_sessions') }}
    where not is_bot
),

worded as (
    select
        sessions.*,
        {{ channel_words() }} as channel_words,
        {{ campaign_words() }} as campaign_words
    from sessions
)

select * from worded
