-- What happened to a campaign on a day, counted from events; what was sent is dated by the sending. Orders and
-- complaints have no event, so they are not here.

with

activity as (
    select * from {{ ref('stg_mailchimp__email_activity') }}
),

sendings as (
    select * from {{ ref('stg_mailchimp__report_totals') }}
),

counted as (
    select
        organization_id,
        connection_id,
        platform,
        account_id,
        message_id,
        date_day,
        cast(0 as bigint) as sent,
        sum(case when event_type = 'open' then 1 else 0 end) as opens,
        sum(case when event_type = 'open' and is_machine then 1 else 0 end) as machine_opens,
        sum(case when event_type = 'open' and is_machine is null then 1 else 0 end) as unparted_opens,
        sum(case when event_type = 'click' then 1 else 0 end) as clicks,
        sum(case when event_type = 'unsubscribe' then 1 else 0 end) as unsubscribes,
        sum(case when event_type = 'bounce' and bounce_type = 'hard' then 1 else 0 end) as hard_bounces,
        sum(case when event_type = 'bounce' and bounce_type = 'soft' then 1 else 0 end) as soft_bounces,
        count(distinct case when event_type = 'open' then member_id end) as unique_opens,
        count(distinct case when event_type = 'open' and not is_machine then member_id end) as unique_human_opens,
        count(distinct case when event_type = 'click' then member_id end) as unique_clicks,
        max(_sync_id) as _sync_id,
        max_by(_chunk_id, _sync_id) as _chunk_id,
        max(_synced_at) as _synced_at
    from activity
    group by organization_id, connection_id, platform, account_id, message_id, date_day
),

rows_of_days as (
    select * from counted
    union all
    select
        organization_id,
        connection_id,
        platform,
        account_id,
        message_id,
        date_day,
        sent,
        0 as opens,
        0 as machine_opens,
        0 as unparted_opens,
        0 as clicks,
        0 as unsubscribes,
        0 as hard_bounces,
        0 as soft_bounces,
        0 as unique_opens,
        0 as unique_human_opens,
        0 as unique_clicks,
        _sync_id,
        _chunk_id,
        _synced_at
    from sendings
),

summed as (
    select
        rows_of_days.organization_id,
        rows_of_days.connection_id,
        rows_of_days.platform,
        rows_of_days.account_id,
        rows_of_days.message_id,
        'happened' as day_meaning,
        rows_of_days.date_day,
        max(sendings.currency_code) as currency_code,
        {%- for name in ['sent', 'opens', 'clicks', 'unsubscribes', 'hard_bounces', 'soft_bounces', 'unique_opens', 'unique_clicks'] %}
        cast(sum(rows_of_days.{{ name }}) as bigint) as {{ name }},
        {%- endfor %}
        cast(sum(rows_of_days.hard_bounces + rows_of_days.soft_bounces) as bigint) as bounces,
        cast(sum(rows_of_days.sent - rows_of_days.hard_bounces - rows_of_days.soft_bounces) as bigint) as delivered,
        -- An open without a flag may be anybody's.
        case when sum(rows_of_days.unparted_opens) = 0 then cast(sum(rows_of_days.opens - rows_of_days.machine_opens) as bigint) end as human_opens,
        case when sum(rows_of_days.unparted_opens) = 0 then cast(sum(rows_of_days.machine_opens) as bigint) end as machine_opens,
        case when sum(rows_of_days.unparted_opens) = 0 then cast(sum(rows_of_days.unique_human_opens) as bigint) end as unique_human_opens,
        max(rows_of_days._sync_id) as _sync_id,
        max_by(rows_of_days._chunk_id, rows_of_days._sync_id) as _chunk_id,
        max(rows_of_days._synced_at) as _synced_at
    from rows_of_days
    left join sendings
        on rows_of_days.connection_id = sendings.connection_id and rows_of_days.message_id = sendings.message_id
    group by
        rows_of_days.organization_id, rows_of_days.connection_id, rows_of_days.platform, rows_of_days.account_id,
        rows_of_days.message_id, rows_of_days.date_day
)

select * from summed
