-- What happened with a message on a day, counted from events. Klaviyo has no event of sending: what was sent is what was
-- received or bounced. Its metric of orders is the one that is none of its own; an account without a shop has none.

{% set counted = ['delivered', 'opens', 'clicks', 'unsubscribes', 'bounces', 'complaints'] %}

with

source as (
    {{ winning_rows('klaviyo', 'metric_aggregates', ['metric_id', 'message_id', 'detail'], values=['events', 'value', 'people']) }}
),

measured as (
    select
        *,
        case
            when metric_name = 'Received Email' then 'delivered'
            when metric_name = 'Opened Email' then 'opens'
            when metric_name = 'Clicked Email' then 'clicks'
            when metric_name in ('Unsubscribed', 'Unsubscribed from Email Marketing') then 'unsubscribes'
            when metric_name = 'Bounced Email' then 'bounces'
            when metric_name = 'Marked Email as Spam' then 'complaints'
            when metric_name = 'Dropped Email' then 'dropped'
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
