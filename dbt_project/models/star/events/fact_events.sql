{{ config(
    key=['connection_id', 'date_utc'], order_by=['organization_id', 'connection_id', 'event_at', 'event_key'],
    own_days=true, days_around=3, in_pieces=true,
) }}

-- Events, each once: of the copies that lie within a few days of each other the one that was received first counts. A day is worked out
-- again when a file brought rows of it or of a day near it, in any order of files. Few events have copies: which ids come twice is found by
-- hashes of them, what counts is decided among their rows alone, and those that do not count are left out by their places in files.
-- Joins that only choose rows are written as `in`: DuckDB then never thinks them so large that it keeps the wide rows in memory instead.

{% set place = ['connection_id', '_sync_id', '_chunk_id', 'source_row', 'event_id', 'date_utc', 'received_at', 'record_hash'] %}
{% set id_number = hash_number(row_text(['events.connection_id', 'events.event_id'])) %}

with

dirty_keys as (
    {% call dirty_keys() %}
    select
        days.connection_id,
        days.date_utc,
        {{ set_fingerprint(['near.sync_id', 'near.chunk_id', 'near.date_utc', 'zones.time_zone', 'zones.reporting_currency', 'rates.fingerprint']) }} as fingerprint,
        sum(case when near.date_utc = days.date_utc then near.event_copies else 0 end) as key_rows
    from (select distinct connection_id, date_utc from {{ ref('int_event_days') }}) as days
    inner join (
        select
            *,
            {{ each_date(add_days('date_utc', -3), add_days('date_utc', 3)) }} as date_near
        from {{ ref('int_event_days') }}
    ) as near
        on days.connection_id = near.connection_id and days.date_utc = near.date_near
    inner join (
        {{ event_zones() }}
    ) as zones on days.connection_id = zones.connection_id
    left join (
        {{ event_rate_fingerprints() }}
    ) as rates on days.date_utc = rates.date_utc and zones.reporting_currency = rates.to_currency
    group by days.connection_id, days.date_utc
    {% endcall %}
),

zones as (
    {{ event_zones() }}
),

near_days as (
    {{ days_near_dirty_ones(ref('int_event_days')) }}
),

twice as (
    select {{ id_number }} as id_number
    from {{ ref('stg_events__events') }} as events
    where (events.connection_id, events.date_utc) in (select connection_id, date_utc from near_days)
    group by {{ id_number }}
    having count(*) > 1
),

copies as (
    select
        {%- for column in place %}
        events.{{ column }}{{ "," if not loop.last }}
        {%- endfor %}
    from {{ ref('stg_events__events') }} as events
    where
        (events.connection_id, events.date_utc) in (select connection_id, date_utc from near_days)
        and {{ id_number }} in (select id_number from twice)
),

once_a_day as (
    select *
    from copies
    qualify row_number() over (
        partition by connection_id, event_id, date_utc
        order by received_at, record_hash, _sync_id desc, _chunk_id desc, source_row
    ) = 1
),

on_several_days as (
    select
        connection_id,
        event_id
    from once_a_day
    group by connection_id, event_id
    having count(*) > 1
),

several as (
    select once_a_day.*
    from once_a_day
    inner join on_several_days
        on
            once_a_day.connection_id = on_several_days.connection_id
            and once_a_day.event_id = on_several_days.event_id
),

later_copies as (
    select distinct
        later.connection_id,
        later.event_id,
        later.date_utc
    from several as later
    inner join several as earlier
        on
            later.connection_id = earlier.connection_id
            and later.event_id = earlier.event_id
            and later.date_utc <> earlier.date_utc
            and {{ is_near('earlier.date_utc', 'later.date_utc') }}
    where
        earlier.received_at < later.received_at
        or (
            earlier.received_at = later.received_at
            and (
                earlier.record_hash < later.record_hash
                or (earlier.record_hash = later.record_hash and earlier.date_utc < later.date_utc)
            )
        )
),

left_out as (
    select {{ place | join(', ') }}
    from copies
    except
    select once_a_day.{{ place | join(', once_a_day.') }}
    from once_a_day
    left join later_copies
        on
            once_a_day.connection_id = later_copies.connection_id
            and once_a_day.event_id = later_copies.event_id
            and once_a_day.date_utc = later_copies.date_utc
    where later_copies.event_id is null
),

names as (
    select distinct event_name
    from {{ ref('stg_events__events') }}
    where (connection_id, date_utc) in (select connection_id, date_utc from dirty_keys)
),

classes as (
    select
        names.event_name,
        rules.event_class
    from names
    inner join {{ ref('event_class_rules') }} as rules on {{ is_found('rules.event_pattern', 'lower(names.event_name)') }}
    qualify row_number() over (
        partition by names.event_name
        order by rules.rule_number
    ) = 1
),

known_classes as (
    select event_class from {{ ref('event_class_rules') }}
    union
    select 'other' as event_class
),

overrides as (
    select
        events.connection_id,
        events.event_id,
        events.date_utc,
        overrides.event_class,
        overrides.confidence,
        overrides.reason,
        overrides.author
    from {{ ref('stg_events__events') }} as events
    left join left_out
        on
            {%- for column in place %}
            {{ "and " if not loop.first }}events.{{ column }} = left_out.{{ column }}
            {%- endfor %}
    inner join {{ ref('event_class_overrides') }} as overrides
        on
            (overrides.organization_id = '*' or events.organization_id = overrides.organization_id)
            and coalesce(overrides.event_id, overrides.event_name, overrides.url_pattern) is not null
            and (overrides.event_id is null or events.event_id = overrides.event_id)
            and (overrides.event_name is null or events.event_name = overrides.event_name)
            and (
                overrides.url_pattern is null
                or coalesce({{ is_found('overrides.url_pattern', 'events.page_url') }}, 1 = 0)
            )
            and (overrides.valid_from is null or events.event_at >= overrides.valid_from)
            and (overrides.valid_until is null or events.event_at < overrides.valid_until)
    where
        (events.connection_id, events.date_utc) in (select connection_id, date_utc from dirty_keys)
        and left_out.event_id is null
    qualify row_number() over (
        partition by events.connection_id, events.event_id, events.date_utc
        order by
            overrides.event_id is null,
            overrides.event_name is null or overrides.url_pattern is null,
            overrides.event_name is null,
            overrides.decided_on desc nulls last,
            overrides.override_number desc
    ) = 1
),

-- What sends more events in a minute of the clock (UTC) than people do is a robot for the day, whatever it calls itself. A day is decided
-- on its own events, so a late one decides it again.
minutes as (
    select
        events.organization_id,
        events.connection_id,
        events.date_utc,
        coalesce(events.device_token, events.user_token) as visitor_token,
        count(*) as event_count
    from {{ ref('stg_events__events') }} as events
    left join left_out
        on
            {%- for column in place %}
            {{ "and " if not loop.first }}events.{{ column }} = left_out.{{ column }}
            {%- endfor %}
    where
        (events.connection_id, events.date_utc) in (select connection_id, date_utc from dirty_keys)
        and left_out.event_id is null
        and events.agent_kind = 'person'
        and coalesce(events.device_token, events.user_token) is not null
    group by
        events.organization_id, events.connection_id, events.date_utc, coalesce(events.device_token, events.user_token),
        date_trunc('minute', events.event_at)
),

robots as (
    select
        minutes.connection_id,
        minutes.date_utc,
        minutes.visitor_token,
        max(coalesce(own_rules.robot_events_a_minute, rules.robot_events_a_minute)) as most_events
    from minutes
    inner join {{ ref('event_session_rules') }} as rules on rules.organization_id = '*'
    left join {{ ref('event_session_rules') }} as own_rules on minutes.organization_id = own_rules.organization_id
    where minutes.event_count > coalesce(own_rules.robot_events_a_minute, rules.robot_events_a_minute)
    group by minutes.connection_id, minutes.date_utc, minutes.visitor_token
),

keyed as (
    select
        {{ surrogate_key(['events.organization_id', 'events.platform', 'events.account_id', 'events.event_id', 'events.date_utc']) }} as event_key,
        events.organization_id,
        events.platform,
        events.connection_id,
        events.account_id,
        events.event_id,
        events.date_utc,
        cast({{ instant_to_local('events.event_at', 'zones.time_zone') }} as date) as date_day,
        {{ date_key("cast(" ~ instant_to_local('events.event_at', 'zones.time_zone') ~ " as date)") }} as date_key,
        events.event_at,
        events.received_at,
        cast(floor({{ seconds_between('events.event_at', 'events.received_at') }} / 86400) as integer) as days_late,
        events.clock_rule,

        -- what happened
        events.event_name,
        coalesce(overrides.event_class, known_classes.event_class, classes.event_class, 'other') as event_class,
        coalesce(known_classes.event_class, classes.event_class, 'other') as rule_class,
        overrides.confidence as class_confidence,
        overrides.reason as class_reason,
        overrides.author as class_author,
        events.event_category,
        events.event_action,
        events.event_label,
        events.event_value,
        events.stated_currency,
        zones.reporting_currency,
        case
            when events.stated_currency = zones.reporting_currency then cast(1 as decimal(38, 18))
            else rates.exchange_rate
        end as exchange_rate,
        events.order_id,
        events.conversion_id,
        events.goal_id,

        -- who
        coalesce(events.device_token, events.user_token) as visitor_token,
        events.user_token,
        case when robots.most_events is not null and events.agent_kind = 'person' then 'bot' else events.agent_kind end as agent_kind,
        events.agent_kind in ('bot', 'ai_assistant') or (robots.most_events is not null and events.agent_kind = 'person') as is_bot,
        coalesce(
            events.bot_reason,
            case
                when events.agent_kind = 'person' and robots.most_events is not null
                    then concat('more than ', cast(robots.most_events as varchar), ' events in a minute')
            end
        ) as bot_reason,
        events.device_type,
        events.device_brand,
        events.device_model,
        events.browser,
        events.browser_version,
        events.operating_system,
        events.operating_system_version,
        events.country_code,
        events.region_code,
        events.city,
        events.analytics_consent,
        events.sample_rate,

        -- where
        events.page_url,
        events.page_host,
        events.page_path,
        events.page_title,
        events.referrer_url,
        events.referrer_host,
        origins.source_rule,
        origins.source,
        origins.medium,
        case when origins.source is not null then origins.campaign_name end as campaign_name,
        case when origins.source is not null then origins.channel end as channel,
        origins.affiliate_network,
        origins.affiliate_confidence,
        events.utm_term,
        events.utm_content,
        events.utm_id,
        events.click_id,
        events.click_id_type,
        events._sync_id
    from {{ ref('stg_events__events') }} as events
    left join left_out
        on
            {%- for column in place %}
            {{ "and " if not loop.first }}events.{{ column }} = left_out.{{ column }}
            {%- endfor %}
    inner join zones on events.connection_id = zones.connection_id
    left join known_classes on events.stated_class = known_classes.event_class
    left join classes on events.event_name = classes.event_name
    left join overrides
        on
            events.connection_id = overrides.connection_id
            and events.event_id = overrides.event_id
            and events.date_utc = overrides.date_utc
    left join robots
        on
            events.connection_id = robots.connection_id
            and events.date_utc = robots.date_utc
            and coalesce(events.device_token, events.user_token) = robots.visitor_token
    left join {{ ref('int_exchange_rates_crossed') }} as rates
        on
            events.stated_currency = rates.from_currency
            and zones.reporting_currency = rates.to_currency
            and cast({{ instant_to_local('events.event_at', 'zones.time_zone') }} as date) = rates.date_day
    left join {{ ref('int_event_channels') }} as origins on events.origin_key = origins.origin_key
    where
        (events.connection_id, events.date_utc) in (select connection_id, date_utc from dirty_keys)
        and left_out.event_id is null
),

converted as (
    select
        keyed.*,
        {{ convert('keyed.event_value', 'keyed.exchange_rate') }} as event_value_reporting
    from keyed
)

select * from converted
