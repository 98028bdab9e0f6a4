-- What a message's report gained from one day's last reading to the next, on the day of the later one. Before the
-- first list nothing is known of when it happened, so there is no difference. A message that an earlier list
-- lacks had nothing yet; a count that one of two readings lacks has no difference.

{% set counts = ['sent', 'delivered', 'opens', 'human_opens', 'machine_opens', 'clicks', 'unsubscribes', 'bounces', 'hard_bounces', 'soft_bounces',
    'complaints', 'orders'] %}

with

readings as (
    {{ union_of('email_report_version') }}
),

last_of_days as (
    select * from readings
    qualify row_number() over (
        partition by connection_id, message_id, list_day
        order by list_fetched_at desc, _sync_id desc
    ) = 1
),

in_order as (
    select
        *,
        row_number() over (partition by connection_id, message_id order by list_day) = 1 as is_first
    from last_of_days
),

compared as (
    select
        organization_id,
        connection_id,
        platform,
        account_id,
        message_id,
        'difference' as day_meaning,
        list_day as date_day,
        currency_code,
        {%- for name in counts + ['revenue'] %}
        cast(
            {{ name }} - case
                when is_first then 0
                else lag({{ name }}) over (partition by connection_id, message_id order by list_day)
            end as {{ 'decimal(24, 6)' if name == 'revenue' else 'bigint' }}
        ) as {{ name }},
        {%- endfor %}
        is_first and list_day = first_list_day as is_beginning,
        _sync_id,
        _chunk_id,
        _synced_at
    from in_order
),

differing as (
    select
        organization_id,
        connection_id,
        platform,
        account_id,
        message_id,
        day_meaning,
        date_day,
        currency_code,
        {%- for name in counts + ['revenue'] %}
        {{ name }},
        {%- endfor %}
        _sync_id,
        _chunk_id,
        _synced_at
    from compared
    where
        not is_beginning
        and (
            {%- for name in counts + ['revenue'] %}
            coalesce({{ name }}, 0) <> 0{{ ' or' if not loop.last }}
            {%- endfor %}
        )
)

select * from differing
