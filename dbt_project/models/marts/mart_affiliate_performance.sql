{{ config(
    key=['organization_id', 'platform', 'connection_id', 'date_day'],
    order_by=['organization_id', 'date_day', 'affiliate_key', 'offer_key'],
) }}

-- A partner's offer on a day: clicks as the network adds them up, conversions by how they stand now, corrections, and what of
-- the approved ones invoices are of. The network's own sums stand beside ours.

{% set of_key = ['organization_id', 'platform', 'connection_id', 'account_id', 'affiliate_key', 'affiliate_id', 'offer_key', 'offer_id', 'date_day', 'currency_code', 'reporting_currency'] %}
{% set statuses = ['approved', 'pending', 'rejected'] %}
{% set counts = ['clicks', 'unique_clicks', 'network_conversions'] %}
{% set numbers = ['approved_conversions', 'pending_conversions', 'rejected_conversions', 'adjusted_conversions'] %}
{% set amounts = ['approved_payout', 'pending_payout', 'rejected_payout', 'adjusted_payout', 'invoiced_payout', 'paid_payout', 'network_payout', 'sale_amount', 'network_revenue'] %}

with

dirty_keys as (
    {% call dirty_keys() %}
    select
        organization_id,
        platform,
        connection_id,
        date_day,
        {{ set_fingerprint(['source', 'fingerprint']) }} as fingerprint
    from (
        {%- for fact in ['fact_affiliate_performance', 'fact_affiliate_conversions', 'fact_affiliate_adjustments'] %}
        select organization_id, platform, connection_id, date_day, '{{ fact }}' as source, fingerprint
        from {{ state_of(fact) }}
        union all
        {%- endfor %}
        select conversions.organization_id, conversions.platform, conversions.connection_id, conversions.date_day, 'invoices' as source, state.fingerprint
        from {{ state_of('fact_affiliate_conversions') }} as conversions
        inner join {{ state_of('fact_affiliate_invoices') }} as state
            on conversions.organization_id = state.organization_id and conversions.connection_id = state.connection_id
    ) as parts
    group by organization_id, platform, connection_id, date_day
    {% endcall %}
),

-- A day of a partner may lie in several invoices; one that is paid decides.
invoiced_days as (
    select
        conversions.conversion_key,
        conversions.date_day,
        max(case when invoices.is_paid then 1 else 0 end) = 1 as is_paid
    from {{ ref('fact_affiliate_conversions') }} as conversions
    inner join dirty_keys
        on conversions.connection_id = dirty_keys.connection_id and conversions.date_day = dirty_keys.date_day
    inner join {{ ref('fact_affiliate_invoices') }} as invoices
        on
            conversions.affiliate_key = invoices.affiliate_key
            and conversions.date_day between invoices.first_day and invoices.last_day
            and not invoices.is_deleted
    group by conversions.conversion_key, conversions.date_day
),

sides as (
    select
        {%- for name in of_key %}
        performance.{{ name }},
        {%- endfor %}
        performance.clicks,
        performance.unique_clicks,
        performance.conversions as network_conversions,
        {%- for name in numbers %}
        cast(0 as bigint) as {{ name }},
        {%- endfor %}
        {%- for name in amounts %}
        {%- set column = {'network_payout': 'payout', 'network_revenue': 'revenue'}.get(name) %}
        {{ 'performance.' ~ column if column else 'cast(0 as decimal(24, 6))' }} as {{ name }},
        {{ 'performance.' ~ column ~ '_reporting' if column else 'cast(0 as decimal(24, 6))' }} as {{ name }}_reporting{{ "," if not loop.last }}
        {%- endfor %}
    from {{ ref('fact_affiliate_performance') }} as performance
    inner join dirty_keys
        on performance.connection_id = dirty_keys.connection_id and performance.date_day = dirty_keys.date_day
    union all
    select
        {%- for name in of_key %}
        conversions.{{ name }},
        {%- endfor %}
        {%- for name in counts %}
        cast(null as bigint) as {{ name }},
        {%- endfor %}
        {%- for status in statuses %}
        case when conversions.status = '{{ status | upper }}' and not coalesce(conversions.is_event, false) then 1 else 0 end as {{ status }}_conversions,
        {%- endfor %}
        0 as adjusted_conversions,
        {%- for name in amounts %}
        {%- set condition = {
            'approved_payout': "conversions.status = 'APPROVED'", 'pending_payout': "conversions.status = 'PENDING'",
            'rejected_payout': "conversions.status = 'REJECTED'", 'sale_amount': "conversions.status = 'APPROVED'",
            'invoiced_payout': "conversions.status = 'APPROVED' and invoiced_days.is_paid is not null",
            'paid_payout': "conversions.status = 'APPROVED' and coalesce(invoiced_days.is_paid, false)",
        }.get(name, '1 = 0') %}
        {%- set column = 'conversions.sale_amount' if name == 'sale_amount' else 'conversions.payout' %}
        case when {{ condition }} then coalesce({{ column }}, 0) else 0 end as {{ name }},
        case when {{ condition }} and coalesce({{ column }}, 0) <> 0 then {{ column }}_reporting else 0 end as {{ name }}_reporting{{ "," if not loop.last }}
        {%- endfor %}
    from {{ ref('fact_affiliate_conversions') }} as conversions
    inner join dirty_keys
        on conversions.connection_id = dirty_keys.connection_id and conversions.date_day = dirty_keys.date_day
    left join invoiced_days
        on conversions.conversion_key = invoiced_days.conversion_key and conversions.date_day = invoiced_days.date_day
    where conversions.is_counted
    union all
    select
        {%- for name in of_key %}
        adjustments.{{ name }},
        {%- endfor %}
        {%- for name in counts %}
        cast(null as bigint) as {{ name }},
        {%- endfor %}
        {%- for name in numbers %}
        {{ 'coalesce(adjustments.conversions, 0)' if name == 'adjusted_conversions' else '0' }} as {{ name }},
        {%- endfor %}
        {%- for name in amounts %}
        {%- set column = {'adjusted_payout': 'payout', 'sale_amount': 'sale_amount'}.get(name) %}
        {{ 'coalesce(adjustments.' ~ column ~ ', 0)' if column else 'cast(0 as decimal(24, 6))' }} as {{ name }},
        {{ 'case when coalesce(adjustments.' ~ column ~ ', 0) <> 0 then adjustments.' ~ column ~ '_reporting else 0 end' if column else 'cast(0 as decimal(24, 6))' }} as {{ name }}_reporting{{ "," if not loop.last }}
        {%- endfor %}
    from {{ ref('fact_affiliate_adjustments') }} as adjustments
    inner join dirty_keys
        on adjustments.connection_id = dirty_keys.connection_id and adjustments.date_day = dirty_keys.date_day
    where not coalesce(adjustments.is_withdrawn, false)
),

summed as (
    select
        {{ of_key | join(',
        ') }},
        {{ date_key('date_day') }} as date_key,
        {%- for name in counts + numbers %}
        {{ exact_sum(name, 'bigint') }} as {{ name }},
        {%- endfor %}
        {%- for name in amounts %}
        {{ exact_sum(name) }} as {{ name }},
        -- Rows of a day and a currency have one rate: all are converted, or none is.
        case when count({{ name }}) = count({{ name }}_reporting) then {{ exact_sum(name ~ '_reporting') }} end as {{ name }}_reporting{{ "," if not loop.last }}
        {%- endfor %}
    from sides
    group by
        {{ of_key | join(',
        ') }}
),

rated as (
    select
        *,
        try_cast(approved_payout + adjusted_payout as decimal(24, 6)) as spend,
        try_cast(approved_payout_reporting + adjusted_payout_reporting as decimal(24, 6)) as spend_reporting,
        {{ ratio('approved_conversions', 'clicks') }} as conversion_rate,
        {{ ratio('approved_conversions', '(approved_conversions + rejected_conversions)') }} as approval_rate,
        {{ ratio('(approved_payout_reporting + adjusted_payout_reporting)', 'clicks') }} as cpc_reporting,
        {{ ratio('(approved_payout_reporting + adjusted_payout_reporting)', 'approved_conversions') }} as cpa_reporting,
        {{ ratio('sale_amount_reporting', '(approved_payout_reporting + adjusted_payout_reporting)') }} as platform_roas
    from summed
)

select * from rated
