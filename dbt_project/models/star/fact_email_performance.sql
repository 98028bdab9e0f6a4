{{ config(
    key=['organization_id', 'platform', 'connection_id', 'date_day'],
    order_by=['organization_id', 'date_day', 'message_key', 'day_meaning'],
) }}

{% set counts = ['sent', 'delivered', 'opens', 'human_opens', 'machine_opens', 'unique_opens', 'unique_human_opens', 'clicks', 'unique_clicks',
    'unsubscribes', 'bounces', 'hard_bounces', 'soft_bounces', 'complaints', 'orders'] %}

with

dirty_keys as (
    {% call dirty_keys() %}
    select
        organization_id,
        platform,
        connection_id,
        date_day,
        {{ set_fingerprint(['account_id', 'message_id', 'day_meaning', 'currency_code', 'reporting_currency', 'exchange_rate', 'revenue', '_sync_id', '_synced_at'] + counts) }} as fingerprint
    from {{ ref('int_email_days_unioned') }}
    group by organization_id, platform, connection_id, date_day
    {% endcall %}
),

stats as (
    select stats.*
    from {{ ref('int_email_days_unioned') }} as stats
    inner join dirty_keys
        on stats.connection_id = dirty_keys.connection_id and stats.date_day = dirty_keys.date_day
),

converted as (
    select
        -- keys
{{ of_connection() }},
        {{ entity_key(['message_id']) }} as message_key,
        stats.message_id,
        stats.date_day,
        {{ date_key('stats.date_day') }} as date_key,
        stats.day_meaning,

        -- measures
        {%- for name in counts %}
        stats.{{ name }},
        {%- endfor %}
        stats.currency_code,
        stats.reporting_currency,
        stats.exchange_rate,
        stats.revenue,
        {{ convert('stats.revenue', 'stats.exchange_rate') }} as revenue_reporting,

        -- lineage
        stats._sync_id,
        stats._synced_at
    from stats
)

select * from converted
