{#- Collected web events: which copies of an event count, where it came from, what is one session.

Everything is kept by day (UTC) of a source. A day depends on the days around it. -#}

{#- Whether a day lies within three days of another: so near a copy of an event counts as the same one, and so far the events of a visit
    reach, which is split at the third midnight if it never pauses. Events that are older than 72 hours count when they were received
    (connectors/platforms/events/moments.py). `days` is a smaller number of them. -#}
{% macro is_near(day, other, days=3) -%}
    {{ day }} between {{ add_days(other, -days) }} and {{ add_days(other, days) }}
{%- endmacro %}


{#- What an event says of where it came from. -#}
{% macro origin_columns() -%}
    {{ return(['utm_source', 'utm_medium', 'utm_campaign', 'referrer_host', 'page_host', 'click_id_type', 'parameters', 'network']) }}
{%- endmacro %}


{#- The chunks of events that succeeded, with a fingerprint: for `dirty_keys` of a model that is kept by chunk. -#}
{% macro event_chunks() -%}
    select
        connection_id,
        sync_id,
        chunk_id,
        {{ fingerprint(['organization_id', 'account_id', 'account_time_zone']) }} as fingerprint
    from {{ ref('stg_lake__syncs') }}
    where platform = 'events' and stream = 'events' and status = 'succeeded'
{%- endmacro %}


{#- The zone of each source's days, as its newest file has it, and the currency that its organization reports in. -#}
{% macro event_zones() -%}
    select
        newest.connection_id,
        newest.time_zone,
        coalesce(organizations.reporting_currency, 'USD') as reporting_currency
    from (
        select
            connection_id,
            coalesce(account_time_zone, 'UTC') as time_zone
        from {{ ref('int_event_days') }}
        qualify row_number() over (
            partition by connection_id
            order by sync_id desc, chunk_id desc, date_utc desc
        ) = 1
    ) as newest
    left join {{ ref('stg_registry__connections') }} as connections on newest.connection_id = connections.connection_id
    left join {{ ref('stg_registry__organizations') }} as organizations on connections.organization_id = organizations.organization_id
{%- endmacro %}


{#- The rates that events of a day (UTC) may be converted at, by the currency they are converted to, as one fingerprint: a day of
    the source's zone is that day or one beside it. -#}
{% macro event_rate_fingerprints() -%}
    select
        date_utc,
        to_currency,
        {{ set_fingerprint(['date_day', 'from_currency', 'exchange_rate']) }} as fingerprint
    from (
        select
            *,
            {{ each_date(add_days('date_day', -1), add_days('date_day', 1)) }} as date_utc
        from {{ ref('int_exchange_rates_crossed') }}
        where date_day >= (select {{ add_days('min(date_utc)', -1) }} from {{ ref('int_event_days') }})
    ) as rates
    group by date_utc, to_currency
{%- endmacro %}


{#- The days with events that lie near the dirty ones, those included. -#}
{% macro days_near_dirty_ones(days) -%}
    select distinct
        near.connection_id,
        near.date_utc
    from dirty_keys
    inner join {{ days }} as near
        on dirty_keys.connection_id = near.connection_id and {{ is_near('near.date_utc', 'dirty_keys.date_utc') }}
{%- endmacro %}


{#- The microseconds from one instant to another. -#}
{% macro micros_between(earlier, later) %}{{ return(adapter.dispatch('micros_between')(earlier, later)) }}{% endmacro %}
{% macro duckdb__micros_between(earlier, later) -%} date_diff('microsecond', {{ earlier }}, {{ later }}) {%- endmacro %}
{% macro spark__micros_between(earlier, later) -%} (unix_micros({{ later }}) - unix_micros({{ earlier }})) {%- endmacro %}


{#- The host of a site and of what lies below it: `host` is `site`, or ends with it after a point. -#}
{% macro is_of_site(host, site) -%}
    ({{ host }} = {{ site }} or {{ host }} like concat('%.', {{ site }}))
{%- endmacro %}
