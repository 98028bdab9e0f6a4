-- Which days of an organization are whole: of every active account that ever told any, until its last one.
-- A day of which an account tells nothing yet is no whole one, whatever the others tell. An account's files come
-- when somebody drops one, so they hold back no day that they tell nothing of.

with

days as (
    select * from {{ ref('int_complete_days') }}
),

connections as (
    select * from {{ ref('int_connections_synced') }}
),

reaching as (
    select
        days.organization_id,
        days.connection_id,
        max(case when days.is_complete then days.date_day end) as last_whole_day
    from days
    inner join connections on days.connection_id = connections.connection_id
    where connections.status = 'active' and connections.platform <> 'files'
    group by days.organization_id, days.connection_id
),

reached as (
    select
        organization_id,
        min(coalesce(last_whole_day, cast('1900-01-01' as date))) as last_whole_day
    from reaching
    group by organization_id
),

judged as (
    select
        days.organization_id,
        days.date_day,
        min(case when days.is_complete then 1 else 0 end) = 1
        and days.date_day <= coalesce(max(reached.last_whole_day), days.date_day) as is_complete
    from days
    left join reached on days.organization_id = reached.organization_id
    group by days.organization_id, days.date_day
)

select * from judged
