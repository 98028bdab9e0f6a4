-- What came of sales on a day, by where leads came from: leads on the day on which they came, of these how many converted until now,
-- deals on the day on which they were made, won or lost, under the first lead of each. What is in the bin does not count.

{% set counts = ['leads', 'leads_converted', 'deals_created', 'deals_won', 'deals_lost'] %}
{% set place = ['organization_id', 'platform', 'connection_id', 'account_id', 'channel', 'attributed_platform'] %}

with

leads as (
    select * from {{ ref('fact_leads') }}
    where not coalesce(is_archived, false)
),

deals as (
    select * from {{ ref('fact_deals') }}
    where not coalesce(is_archived, false)
),

entries as (
    select
        {{ place | join(',
        ') }},
        date_day,
        {{ unreported('varchar') }} as currency_code,
        {{ unreported('varchar') }} as reporting_currency,
        1 as leads,
        case when is_converted then 1 else 0 end as leads_converted
    from leads
    union all by name
    select
        {{ place | join(',
        ') }},
        created_day as date_day,
        currency_code,
        reporting_currency,
        1 as deals_created
    from deals
    union all by name
    select
        {{ place | join(',
        ') }},
        closed_day as date_day,
        currency_code,
        reporting_currency,
        case when is_won then 1 else 0 end as deals_won,
        case when is_won then 0 else 1 end as deals_lost,
        case when is_won then amount else 0 end as deal_amount_won,
        case when is_won then amount_reporting else 0 end as deal_amount_won_reporting
    from deals
    where is_closed and closed_day is not null
),

summed as (
    select
        {{ place | join(',
        ') }},
        date_day,
        currency_code,
        max(reporting_currency) as reporting_currency,
        {%- for name in counts %}
        try_cast(sum({{ name }}) as bigint) as {{ name }},
        {%- endfor %}
        {{ exact_sum('deal_amount_won') }} as deal_amount_won,
        case when count(deal_amount_won) = count(deal_amount_won_reporting) then {{ exact_sum('deal_amount_won_reporting') }} end as deal_amount_won_reporting
    from entries
    where date_day is not null
    group by {{ place | join(', ') }}, date_day, currency_code
),

fingerprinted as (
    select
        *,
        {{ fingerprint(place + ['currency_code', 'reporting_currency', 'deal_amount_won', 'deal_amount_won_reporting'] + counts) }} as fingerprint
    from summed
)

select * from fingerprinted
