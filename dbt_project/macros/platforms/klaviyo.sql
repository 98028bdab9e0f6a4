{#- What messages came to that were sent on a day, as Klaviyo's reports have it until now. A message goes one way; were there
    two, who is in both would be unknown. -#}
{% macro klaviyo_sent_days(stream, message) -%}
{%- set sums = {'recipients': 'sent', 'delivered': 'delivered', 'opens': 'opens', 'clicks': 'clicks', 'unsubscribes': 'unsubscribes',
    'bounced': 'bounces', 'spam_complaints': 'complaints', 'conversions': 'orders'} -%}
with

source as (
    {{ winning_rows('klaviyo', stream, [message, 'send_channel'], values=(sums | list) + ['conversion_value', 'unique_opens', 'unique_clicks']) }}
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
    group by _organization_id, _connection_id, platform, account_id, {{ message }}, currency_code, date, _sync_id, _chunk_id, _synced_at
)

select * from renamed
{%- endmacro %}
