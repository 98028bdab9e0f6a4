{#- What mails came to that were sent on a day, as a platform's reports have it until now; what goes by another channel is left
    out. `sums` are the report's counts, each with our word. -#}
{% macro mail_sent_days(platform, stream, message, sums) -%}
with

source as (
    {{ winning_rows(platform, stream, [message, 'send_channel'], values=(sums | list) + ['conversion_value', 'unique_opens', 'unique_clicks']) }}
),

renamed as (
    select
        {{ of_account() }},
        {{ message }} as message_id,
        'sent' as day_meaning,
        currency_code,
        date as date_day,
        {%- for name, ours in sums.items() %}
        {{ exact_sum(name, 'bigint') }} as {{ ours }},
        {%- endfor %}
        {{ exact_sum('conversion_value') }} as revenue,
        case when count(*) = 1 then max(unique_opens) end as unique_opens,
        case when count(*) = 1 then max(unique_clicks) end as unique_clicks,
        {{ of_sync() }}
    from source
    where coalesce(nullif(trim(send_channel), ''), 'email') = 'email'
    group by _organization_id, _connection_id, platform, account_id, {{ message }}, currency_code, date, _sync_id, _chunk_id, _synced_at
)

select * from renamed
{%- endmacro %}


{#- What happened with a message on a day, counted by a platform from events: rows by metric, message and detail. What was sent is
    what was received or bounced. `measures` are the platform's own metrics by name, each with our word; any other metric is that of
    orders, which an account without a shop has not. The detail of a bounce is `Hard` or `Soft`. -#}
{% macro mail_happened_days(platform, stream, measures) -%}
{%- set counted = ['delivered', 'opens', 'clicks', 'unsubscribes', 'bounces', 'complaints'] -%}
with

source as (
    {{ winning_rows(platform, stream, ['metric_id', 'message_id', 'detail'], values=['events', 'value', 'people']) }}
),

measured as (
    select
        *,
        case metric_name
            {%- for name, measure in measures.items() %}
            when '{{ name }}' then '{{ measure }}'
            {%- endfor %}
            else 'orders'
        end as measure
    from source
),

with_shops as (
    select
        *,
        max(case when measure = 'orders' then 1 end) over (partition by _connection_id) = 1 as has_orders
    from measured
),

renamed as (
    select
        {{ of_account() }},
        message_id,
        'happened' as day_meaning,
        currency_code,
        date as date_day,
        {{ exact_sum("case when measure in ('delivered', 'bounces') then events else 0 end", 'bigint') }} as sent,
        {%- for measure in counted %}
        {{ exact_sum("case when measure = '" ~ measure ~ "' then events else 0 end", 'bigint') }} as {{ measure }},
        {%- endfor %}
        {%- for kind in ['hard', 'soft'] %}
        {{ exact_sum("case when measure = 'bounces' and lower(detail) = '" ~ kind ~ "' then events else 0 end", 'bigint') }} as {{ kind }}_bounces,
        {%- endfor %}
        case when has_orders then {{ exact_sum("case when measure = 'orders' then events else 0 end", 'bigint') }} end as orders,
        case when has_orders then {{ exact_sum("case when measure = 'orders' then value else 0 end") }} end as revenue,
        -- Who is in two rows of a measure would count twice.
        {%- for measure in ['opens', 'clicks'] %}
        case
            when count(case when measure = '{{ measure }}' then 1 end) <= 1
                then coalesce(max(case when measure = '{{ measure }}' then people end), 0)
        end as unique_{{ measure }},
        {%- endfor %}
        {{ of_sync() }}
    from with_shops
    where message_id <> ''
    group by
        _organization_id, _connection_id, platform, account_id, message_id, currency_code, date, has_orders, _sync_id, _chunk_id, _synced_at
)

select * from renamed
{%- endmacro %}
