-- What mail came to on a day, for the marts that show one number a day: each measure from the rows of what happened,
-- or from the differences of reports where an account has it in no row of those. No mail is in both.

{% set measures = ['sent', 'delivered', 'opens', 'human_opens', 'clicks', 'unsubscribes', 'bounces', 'complaints', 'orders', 'revenue'] %}

with

facts as (
    select
        performance.*,
        coalesce(messages.channel, 'email') as channel
    from {{ ref('fact_email_performance') }} as performance
    left join {{ ref('dim_email_messages') }} as messages on performance.message_key = messages.message_key
    where performance.day_meaning <> 'sent'
),

dated as (
    select
        connection_id,
        {%- for name in measures %}
        max(case when day_meaning = 'happened' and {{ name }} is not null then 1 else 0 end) as has_{{ name }}{{ "," if not loop.last }}
        {%- endfor %}
    from facts
    group by connection_id
),

chosen as (
    select
        facts.organization_id,
        facts.platform,
        facts.connection_id,
        facts.account_id,
        facts.channel,
        facts.date_day,
        facts.currency_code,
        facts.reporting_currency,
        {%- for name in measures + ['revenue_reporting'] %}
        case
            when facts.day_meaning = case when dated.has_{{ name | replace('_reporting', '') }} = 1 then 'happened' else 'difference' end
                then facts.{{ name }}
        end as {{ name }}{{ "," if not loop.last }}
        {%- endfor %}
    from facts
    inner join dated on facts.connection_id = dated.connection_id
),

summed as (
    select
        organization_id,
        platform,
        connection_id,
        account_id,
        channel,
        date_day,
        currency_code,
        max(reporting_currency) as reporting_currency,
        {%- for name in measures if name != 'revenue' %}
        try_cast(sum({{ name }}) as bigint) as {{ 'emails_' if name in ['sent', 'delivered'] else 'email_' }}{{ name }},
        {%- endfor %}
        {{ exact_sum('revenue') }} as email_revenue,
        {{ exact_sum('revenue_reporting') }} as email_revenue_reporting
    from chosen
    group by organization_id, platform, connection_id, account_id, channel, date_day, currency_code
),

fingerprinted as (
    select
        *,
        {{ fingerprint([
            'platform', 'account_id', 'channel', 'currency_code', 'reporting_currency', 'emails_sent', 'emails_delivered', 'email_opens',
            'email_human_opens', 'email_clicks', 'email_unsubscribes', 'email_bounces', 'email_complaints', 'email_orders',
            'email_revenue', 'email_revenue_reporting',
        ]) }} as fingerprint
    from summed
)

select * from fingerprinted
