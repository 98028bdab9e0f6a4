{{ config(materialized='dirty_keys', key=['connection_id', 'date_utc'], order_by=['organization_id', 'connection_id', 'date_utc', 'visitor_token']) }}

-- Visitors of a day who say who they are: by an id of their own at the site, or by an order that they placed. A robot, a server and
-- who denied analytics say nothing.

with

dirty_keys as (
    {% call dirty_keys() %}
    select connection_id, date_utc, fingerprint from {{ state_of('fact_events') }}
    {% endcall %}
),

events as (
    select events.*
    from {{ ref('fact_events') }} as events
    inner join dirty_keys
        on events.connection_id = dirty_keys.connection_id and events.date_utc = dirty_keys.date_utc
    where
        events.visitor_token is not null
        and (events.user_token is not null or events.order_id is not null)
        and events.agent_kind = 'person'
        and coalesce(events.analytics_consent, '') <> 'denied'
),

seen as (
    select
        {{ of_connection('events') }},
        events.date_utc,
        events.visitor_token,
        events.user_token,
        events.order_id,
        min(events.event_at) as first_seen_at,
        max(events.event_at) as last_seen_at,
        max(events._sync_id) as _sync_id
    from events
    group by
        events.organization_id, events.platform, events.connection_id, events.account_id, events.date_utc, events.visitor_token,
        events.user_token, events.order_id
)

select * from seen
