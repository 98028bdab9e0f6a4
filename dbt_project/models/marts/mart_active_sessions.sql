{{ config(materialized='table') }}

-- Visits of the last 24 hours. Robots are left out.

with

sessions as (
    select * from {{ ref('fact_sessions') }}
    where
        not is_bot
        and ended_at > {{ as_of() }} - interval '24 hours'
        and started_at <= {{ as_of() }}
),

rules as (
    select * from {{ ref('event_session_rules') }}
),

active as (
    select
        sessions.session_key,
        sessions.organization_id,
        sessions.platform,
        sessions.connection_id,
        sessions.account_id,
        sessions.visitor_token,
        sessions.started_at,
        sessions.ended_at as last_event_at,
        {{ micros_between('sessions.ended_at', as_of()) }}
        <= 60000000 * cast(coalesce(own_rules.inactivity_minutes, rules.inactivity_minutes) as bigint) as is_active,
        sessions.duration_seconds,
        sessions.event_count,
        sessions.page_views,
        sessions.order_events,
        sessions.is_engaged,
        sessions.entry_path,
        sessions.exit_path,
        sessions.source,
        sessions.medium,
        sessions.campaign_name,
        sessions.channel,
        sessions.device_type,
        sessions.browser,
        sessions.operating_system,
        sessions.country_code,
        sessions.city,
        {{ as_of() }} as as_of
    from sessions
    inner join rules on rules.organization_id = '*'
    left join rules as own_rules on sessions.organization_id = own_rules.organization_id
)

select * from active
