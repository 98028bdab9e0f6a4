{{ config(
    key=['organization_id', 'platform', 'connection_id'],
    order_by=['organization_id', 'platform', 'connection_id', 'message_key'],
) }}

-- Each message with all that came of it so far: of the rows that are booked on the day of sending where the platform
-- has these, else of what happened. People are those of one row, for they never add up.

{% set counts = ['sent', 'delivered', 'opens', 'human_opens', 'machine_opens', 'clicks', 'unsubscribes', 'bounces', 'hard_bounces', 'soft_bounces',
    'complaints', 'orders'] %}
{% set people = ['unique_opens', 'unique_human_opens', 'unique_clicks'] %}
{% set rates = {
    'delivery_rate': ('delivered', 'sent'),
    'open_rate': ('unique_opens', 'delivered'),
    'human_open_rate': ('unique_human_opens', 'delivered'),
    'click_rate': ('unique_clicks', 'delivered'),
    'click_to_open_rate': ('unique_clicks', 'unique_opens'),
    'unsubscribe_rate': ('unsubscribes', 'delivered'),
    'bounce_rate': ('bounces', 'sent'),
    'complaint_rate': ('complaints', 'delivered'),
    'order_rate': ('orders', 'delivered'),
} %}

with

dirty_keys as (
    {% call dirty_keys() %}
    select
        organization_id,
        platform,
        connection_id,
        {{ set_fingerprint(['source', 'content']) }} as fingerprint
    from (
        select organization_id, platform, connection_id, 'facts' as source, concat_ws('|', cast(date_day as varchar), fingerprint) as content
        from {{ state_of('fact_email_performance') }}
        union all
        select messages.organization_id, messages.platform, messages.connection_id, 'messages' as source, state.fingerprint as content
        from (select distinct organization_id, platform, connection_id from {{ ref('dim_email_messages') }}) as messages
        inner join {{ state_of('dim_email_messages') }} as state
            on messages.organization_id = state.organization_id and messages.connection_id = state.connection_id
    ) as parts
    group by organization_id, platform, connection_id
    {% endcall %}
),

facts as (
    select performance.*
    from {{ ref('fact_email_performance') }} as performance
    inner join dirty_keys on performance.connection_id = dirty_keys.connection_id
),

meanings as (
    select
        message_key,
        case when max(case when day_meaning = 'sent' then 1 else 0 end) = 1 then 'sent' else 'happened' end as day_meaning
    from facts
    group by message_key
),

whole as (
    select facts.*
    from facts
    inner join meanings on facts.message_key = meanings.message_key and facts.day_meaning = meanings.day_meaning
),

summed as (
    select
        message_key,
        min(date_day) as first_day,
        max(date_day) as last_day,
        max(day_meaning) as day_meaning,
        max(reporting_currency) as reporting_currency,
        {%- for name in counts %}
        try_cast(sum({{ name }}) as bigint) as {{ name }},
        {%- endfor %}
        {%- for name in people %}
        case when count(*) = 1 then max({{ name }}) end as {{ name }},
        {%- endfor %}
        case when min(currency_code) = max(currency_code) then max(currency_code) end as currency_code,
        case when min(currency_code) = max(currency_code) then {{ exact_sum('revenue') }} end as revenue,
        -- A sum of which a part is not converted would be one of other mails.
        case when count(revenue) = count(revenue_reporting) then {{ exact_sum('revenue_reporting') }} end as revenue_reporting
    from whole
    group by message_key
),

described as (
    select
        messages.message_key,
        messages.organization_id,
        messages.platform,
        messages.connection_id,
        messages.account_id,
        messages.message_id,
        messages.message_name,
        messages.message_type,
        messages.channel,
        messages.subject,
        messages.flow_name,
        messages.audience_name,
        messages.status,
        messages.sent_at,
        summed.first_day,
        summed.last_day,
        summed.day_meaning,
        {%- for name in counts + people %}
        summed.{{ name }},
        {%- endfor %}
        summed.currency_code,
        summed.revenue,
        summed.reporting_currency,
        summed.revenue_reporting,
        {%- for name, (part, base) in rates.items() %}
        {{ ratio('summed.' ~ part, 'summed.' ~ base) }} as {{ name }},
        {%- endfor %}
        {{ ratio('summed.revenue_reporting', 'summed.delivered') }} as earned_per_mail_reporting,
        {{ ratio('summed.revenue_reporting', 'summed.orders') }} as average_order_reporting
    from {{ ref('dim_email_messages') }} as messages
    inner join dirty_keys
        on messages.organization_id = dirty_keys.organization_id and messages.connection_id = dirty_keys.connection_id
    inner join summed on messages.message_key = summed.message_key
)

select * from described
