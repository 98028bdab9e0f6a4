-- What partners cost and brought on a day, for the marts that show one number a day: approved conversions with the
-- corrections of the day, and what is pending beside them. Clicks are those that the network adds up itself. An event
-- behind a conversion is no conversion; its money counts.

{% set nothing = {'clicks': 'bigint', 'conversions': 'decimal(24, 6)', 'pending_conversions': 'decimal(24, 6)', 'spend': 'decimal(24, 6)', 'pending_spend': 'decimal(24, 6)',
    'conversion_value': 'decimal(24, 6)'} %}
{% set money = ['spend', 'pending_spend', 'conversion_value'] %}
{% set of_day = ['organization_id', 'platform', 'connection_id', 'account_id', 'date_day', 'currency_code', 'reporting_currency'] %}
{% set sides = {
    'fact_affiliate_performance': {'clicks': ('clicks', none)},
    'fact_affiliate_conversions': {
        'conversions': ("case when status = 'APPROVED' and not coalesce(is_event, false) then 1 else 0 end", none),
        'pending_conversions': ("case when status = 'PENDING' and not coalesce(is_event, false) then 1 else 0 end", none),
        'spend': ("payout", "status = 'APPROVED'"),
        'pending_spend': ("payout", "status = 'PENDING'"),
        'conversion_value': ("sale_amount", "status = 'APPROVED'"),
    },
    'fact_affiliate_adjustments': {'conversions': ('conversions', none), 'spend': ('payout', 'true'), 'conversion_value': ('sale_amount', 'true')},
} %}
{% set counted = {'fact_affiliate_conversions': 'where is_counted', 'fact_affiliate_adjustments': 'where not coalesce(is_withdrawn, false)'} %}

with

sides as (
    {%- for fact, measures in sides.items() %}
    select
        {{ of_day | join(',
        ') }},
        {%- for name, type in nothing.items() %}
        {%- set expression, condition = measures.get(name, (none, none)) %}
        {%- if expression is none %}
        cast(null as {{ type }}) as {{ name }},
        {%- if name in money %}
        cast(null as {{ type }}) as {{ name }}_reporting,
        {%- endif %}
        {%- elif condition is none %}
        cast({{ expression }} as {{ type }}) as {{ name }},
        {%- else %}
        case when {{ condition }} then coalesce({{ expression }}, 0) else 0 end as {{ name }},
        case when {{ condition }} and coalesce({{ expression }}, 0) <> 0 then {{ expression }}_reporting else 0 end as {{ name }}_reporting,
        {%- endif %}
        {%- endfor %}
        '{{ fact }}' as side
    from {{ ref(fact) }}
    {{ counted.get(fact, '') }}
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

summed as (
    select
        organization_id,
        platform,
        connection_id,
        account_id,
        'affiliate' as channel,
        date_day,
        currency_code,
        max(reporting_currency) as reporting_currency,
        {%- for name, type in nothing.items() if name not in money %}
        {{ exact_sum(name, type) }} as {{ name }},
        {%- endfor %}
        {%- for name in money %}
        coalesce({{ exact_sum(name) }}, 0) as {{ name }},
        -- Rows of a day and a currency have one rate: all are converted, or none is.
        case
            when count({{ name }}) = count({{ name }}_reporting) then coalesce({{ exact_sum(name ~ '_reporting') }}, 0)
        end as {{ name }}_reporting{{ "," if not loop.last }}
        {%- endfor %}
    from sides
    group by organization_id, platform, connection_id, account_id, date_day, currency_code
),

fingerprinted as (
    select
        *,
        {{ fingerprint([
            'platform', 'account_id', 'currency_code', 'reporting_currency', 'clicks', 'conversions', 'pending_conversions', 'spend', 'spend_reporting',
            'pending_spend', 'pending_spend_reporting', 'conversion_value', 'conversion_value_reporting',
        ]) }} as fingerprint
    from summed
)

select * from fingerprinted
