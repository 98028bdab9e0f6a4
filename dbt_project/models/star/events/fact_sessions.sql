{{ config(
    key=['connection_id', 'date_utc'], order_by=['organization_id', 'connection_id', 'started_at', 'session_key'], in_pieces=true,
) }}

-- Visits. An event begins one when so many minutes passed since the device's event before it (30, by default; exactly so many do not), and by
-- parameter at midnight and when it carries another campaign. A device that never pauses for two days begins one at each midnight (UTC)
-- after that: so all events of a visit lie within a few days of its first, and a late event changes the visits around it alone.

{% set in_session = 'partition by events.connection_id, events.visitor_token, events.session_number order by events.event_at, events.event_key' %}
{% set of_first_event = ['device_type', 'browser', 'operating_system', 'country_code', 'region_code', 'city'] %}
{% set of_origin = [
    'source', 'medium', 'campaign_name', 'channel', 'utm_term', 'utm_content', 'utm_id', 'affiliate_network', 'click_id', 'click_id_type',
    'referrer_url', 'referrer_host', '_sync_id',
] %}
{% set from_start = 'partition by events.connection_id, events.visitor_token order by events.event_at, events.event_key' %}

with

dirty_keys as (
    {% call dirty_keys() %}
    select
        days.connection_id,
        days.date_utc,
        {{ set_fingerprint(['near.date_utc', 'near.fingerprint']) }} as fingerprint,
        max(days.key_rows) as key_rows
    from {{ state_of('fact_events') }} as days
    inner join {{ state_of('fact_events') }} as near
        on
            days.connection_id = near.connection_id
            and {{ is_near('near.date_utc', 'days.date_utc') }}
    group by days.connection_id, days.date_utc
    {% endcall %}
),

near_days as (
    {{ days_near_dirty_ones(state_of('fact_events')) }}
),

-- A visit begins on a day that is worked out: of the days around these, other visitors have nothing to say.
visitors as (
    select distinct
        connection_id,
        visitor_token
    from {{ ref('fact_events') }}
    where (connection_id, date_utc) in (select connection_id, date_utc from dirty_keys)
),

-- What a server reports and a picture that was loaded are no visit; who denied analytics has no device that could be followed. Only
-- what visits are told apart by goes through the windows; what describes one is read of the few events that say it.
events as (
    select
        facts.event_key,
        facts.connection_id,
        facts.visitor_token,
        facts.event_at,
        facts.date_utc,
        facts.date_day,
        case
            when facts.source is not null and facts.source_rule <> 'direct'
                then {{ hash_number(row_text(['facts.source', 'facts.medium', 'facts.campaign_name'])) }}
        end as origin,
        facts.source is null as has_no_source,
        facts.event_class = 'page_view' as is_page_view,
        60000000 * cast(coalesce(own_rules.inactivity_minutes, rules.inactivity_minutes) as bigint) as inactivity,
        coalesce(own_rules.splits_at_midnight, rules.splits_at_midnight) as splits_at_midnight,
        coalesce(own_rules.splits_at_campaign, rules.splits_at_campaign) as splits_at_campaign
    from {{ ref('fact_events') }} as facts
    inner join {{ ref('event_session_rules') }} as rules on rules.organization_id = '*'
    left join {{ ref('event_session_rules') }} as own_rules on facts.organization_id = own_rules.organization_id
    where
        (facts.connection_id, facts.date_utc) in (select connection_id, date_utc from near_days)
        and (facts.connection_id, facts.visitor_token) in (select connection_id, visitor_token from visitors)
        and facts.event_class not in ('ad_view', 'conversion')
        and facts.agent_kind <> 'server'
        and coalesce(facts.analytics_consent, '') <> 'denied'
),

carriers as (
    select
        events.event_key,
        events.origin <> lag(events.origin) over ({{ from_start }})
        and {{ micros_between('lag(events.event_at) over (' ~ from_start ~ ')', 'events.event_at') }} < 86400000000 as is_other_campaign
    from events
    where events.origin is not null
),

paused as (
    select
        events.*,
        {{ micros_between('lag(events.event_at) over (' ~ from_start ~ ')', 'events.event_at') }} as since_last,
        lag(events.date_day) over ({{ from_start }}) as last_date_day,
        lag(events.date_utc) over ({{ from_start }}) as last_date_utc,
        coalesce(carriers.is_other_campaign, 1 = 0) as is_other_campaign
    from events
    left join carriers on events.event_key = carriers.event_key
),

flagged as (
    select
        *,
        since_last is null
        or since_last > inactivity
        or (splits_at_midnight and date_day <> last_date_day)
        or (splits_at_campaign and is_other_campaign) as is_regular_start
    from paused
),

followed as (
    select
        events.*,
        max(case when events.is_regular_start then events.event_at end) over ({{ from_start }}) as last_regular_at
    from flagged as events
),

started as (
    select
        *,
        is_regular_start
        or (
            date_utc <> last_date_utc
            and {{ micros_between('last_regular_at', 'event_at') }} > 172800000000
        ) as is_start
    from followed
),

numbered as (
    select
        events.*,
        sum(case when events.is_start then 1 else 0 end) over ({{ from_start }}) as session_number
    from started as events
),

placed as (
    select
        events.event_key,
        events.connection_id,
        events.date_utc,
        events.session_number,
        first_value(events.date_utc) over ({{ in_session }}) as session_date_utc,
        first_value(events.date_day) over ({{ in_session }}) as session_date_day,
        row_number() over ({{ in_session }}) = 1 as is_first,
        lead(events.event_at) over ({{ in_session }}) is null as is_last,
        -- The first event that says where it came from; a page of the same site says nothing, an empty referrer little.
        row_number() over (
            partition by events.connection_id, events.visitor_token, events.session_number
            order by events.origin is null, events.has_no_source, events.event_at, events.event_key
        ) = 1 as is_origin,
        row_number() over (
            partition by events.connection_id, events.visitor_token, events.session_number
            order by not events.is_page_view, events.event_at, events.event_key
        ) = 1 as is_entry
    from numbered as events
),

sessions as (
    select
        facts.organization_id,
        facts.platform,
        facts.connection_id,
        facts.account_id,
        facts.visitor_token,
        placed.session_number,
        placed.session_date_utc as date_utc,
        placed.session_date_day as date_day,
        max(case when placed.is_first then facts.event_id end) as first_event_id,
        min(facts.event_at) as started_at,
        max(facts.event_at) as ended_at,
        count(*) as event_count,
        sum(case when facts.event_class = 'page_view' then 1 else 0 end) as page_views,
        sum(case when facts.event_class = 'order' then 1 else 0 end) as order_events,
        sum(case when facts.event_class in ('order', 'sign_up') then 1 else 0 end) as key_event_count,
        max(facts.user_token) as user_token,
        max(case when facts.is_bot then 1 else 0 end) = 1 as is_bot,
        max(facts.bot_reason) as bot_reason,
        min(facts.sample_rate) as sample_rate,
        max(facts.days_late) as days_late,
        {%- for column in of_first_event %}
        max(case when placed.is_first then facts.{{ column }} end) as {{ column }},
        {%- endfor %}
        max(case when placed.is_entry then facts.page_url end) as entry_url,
        max(case when placed.is_entry then facts.page_host end) as entry_host,
        max(case when placed.is_entry then facts.page_path end) as entry_path,
        max(case when placed.is_last then facts.page_path end) as exit_path,
        {%- for column in of_origin %}
        max(case when placed.is_origin then facts.{{ column }} end) as {{ column }}{{ "," if not loop.last }}
        {%- endfor %}
    from {{ ref('fact_events') }} as facts
    inner join placed
        on
            facts.event_key = placed.event_key
            and facts.connection_id = placed.connection_id
            and facts.date_utc = placed.date_utc
    inner join dirty_keys
        on
            placed.connection_id = dirty_keys.connection_id
            and placed.session_date_utc = dirty_keys.date_utc
    group by
        facts.organization_id, facts.platform, facts.connection_id, facts.account_id, facts.visitor_token,
        placed.session_number, placed.session_date_utc, placed.session_date_day
),

keyed as (
    select
        {{ surrogate_key(['sessions.organization_id', 'sessions.platform', 'sessions.account_id', 'sessions.visitor_token', 'sessions.first_event_id', 'sessions.date_utc']) }} as session_key,
        sessions.organization_id,
        sessions.platform,
        sessions.connection_id,
        sessions.account_id,
        sessions.visitor_token,
        sessions.user_token,
        sessions.date_utc,
        sessions.date_day,
        {{ date_key('sessions.date_day') }} as date_key,
        sessions.started_at,
        sessions.ended_at,
        cast({{ micros_between('sessions.started_at', 'sessions.ended_at') }} / 1000000 as integer) as duration_seconds,
        cast(sessions.event_count as integer) as event_count,
        cast(sessions.page_views as integer) as page_views,
        cast(sessions.order_events as integer) as order_events,
        sessions.page_views >= 2
        or sessions.key_event_count > 0
        or {{ micros_between('sessions.started_at', 'sessions.ended_at') }} > 10000000 as is_engaged,
        sessions.is_bot,
        sessions.bot_reason,
        sessions.sample_rate,
        sessions.days_late,
        sessions.device_type,
        sessions.browser,
        sessions.operating_system,
        sessions.country_code,
        sessions.region_code,
        sessions.city,
        sessions.entry_url,
        sessions.entry_host,
        sessions.entry_path,
        sessions.exit_path,
        coalesce(sessions.source, '(direct)') as source,
        coalesce(sessions.medium, '(none)') as medium,
        coalesce(sessions.campaign_name, '(not set)') as campaign_name,
        case when sessions.source is null then 'direct' else coalesce(sessions.channel, 'unattributed') end as channel,
        sessions.utm_term,
        sessions.utm_content,
        sessions.utm_id,
        sessions.affiliate_network,
        sessions.click_id,
        sessions.click_id_type,
        sessions.referrer_url,
        sessions.referrer_host,
        sessions._sync_id
    from sessions
)

select * from keyed
