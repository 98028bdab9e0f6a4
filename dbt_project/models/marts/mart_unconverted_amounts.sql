{{ config(
    key=['organization_id', 'date_day'],
    order_by=['organization_id', 'date_day', 'measure', 'currency_code', 'connection_id', 'channel', 'attributed_platform'],
) }}

-- What no exchange rate converts, and so is missing from the amounts in the reporting currency. A row each
-- currency, for amounts of several currencies have no sum.

{% set ad_measures = ['spend', 'conversion_value'] %}
{% set shop_measures = {
    'gross_revenue': 'gross_revenue',
    'refunds': 'all_refunds',
    'net_revenue': 'net_revenue',
    'discounts': 'discounts',
    'tax': 'tax',
    'shipping': 'shipping',
    'gift_cards': 'gift_cards',
    'tips': 'tips',
    'duties': 'duties',
    'fees': 'fees',
    'refund_adjustments': 'refund_adjustments',
} %}
{% set place = ['organization_id', 'platform', 'connection_id', 'account_id', 'date_day', 'channel', 'attributed_platform'] %}

with

dirty_keys as (
    {% call dirty_keys() %}
    select
        organization_id,
        date_day,
        {{ set_fingerprint(['source', 'connection_id', 'fingerprint']) }} as fingerprint
    from (
        select organization_id, date_day, 'campaigns' as source, connection_id, fingerprint
        from {{ ref('int_campaign_days') }}
        union all
        select organization_id, date_day, 'orders' as source, connection_id, fingerprint
        from {{ state_of('fact_orders') }}
        union all
        select organization_id, date_day, 'refunds' as source, connection_id, fingerprint
        from {{ state_of('fact_refunds') }}
        union all
        select organization_id, date_day, 'mail' as source, connection_id, fingerprint
        from {{ ref('int_email_totals') }}
        union all
        select organization_id, date_day, 'partners' as source, connection_id, fingerprint
        from {{ ref('int_affiliate_totals') }}
        union all
        select organization_id, date_day, 'sales' as source, connection_id, fingerprint
        from {{ ref('int_sales_days') }}
    ) as days
    group by organization_id, date_day
    {% endcall %}
),

campaigns as (
    select * from {{ ref('dim_campaigns') }}
),

ads as (
    select
        performance.organization_id,
        performance.platform,
        performance.connection_id,
        performance.account_id,
        performance.date_day,
        coalesce(campaigns.channel, 'unattributed') as channel,
        performance.platform as attributed_platform,
        performance.currency_code,
        performance.reporting_currency,
        performance.spend,
        performance.spend_reporting,
        performance.conversion_value,
        performance.conversion_value_reporting
    from {{ ref('fact_campaign_performance') }} as performance
    inner join dirty_keys
        on
            performance.organization_id = dirty_keys.organization_id
            and performance.date_day = dirty_keys.date_day
    left join campaigns
        on
            performance.campaign_key = campaigns.campaign_key
            and performance.date_day >= campaigns.valid_from
            and performance.date_day < campaigns.valid_to
),

shop_documents as (
    {{ shop_documents(['organization_id', 'date_day'], place) }}
),

mail as (
    select totals.*
    from {{ ref('int_email_totals') }} as totals
    inner join dirty_keys
        on totals.organization_id = dirty_keys.organization_id and totals.date_day = dirty_keys.date_day
),

partners as (
    select totals.*
    from {{ ref('int_affiliate_totals') }} as totals
    inner join dirty_keys
        on totals.organization_id = dirty_keys.organization_id and totals.date_day = dirty_keys.date_day
),

sales as (
    select sales.*
    from {{ ref('int_sales_days') }} as sales
    inner join dirty_keys
        on sales.organization_id = dirty_keys.organization_id and sales.date_day = dirty_keys.date_day
),

amounts as (
    {%- for measure in ['spend', 'pending_spend', 'conversion_value'] %}
    select
        organization_id,
        platform,
        connection_id,
        account_id,
        date_day,
        channel,
        platform as attributed_platform,
        currency_code,
        reporting_currency,
        '{{ measure }}' as measure,
        {{ measure }} as amount
    from partners
    where {{ measure }} <> 0 and {{ measure }}_reporting is null
    union all
    {%- endfor %}
    select
        {{ place | join(',
        ') }},
        currency_code,
        reporting_currency,
        'deal_amount_won' as measure,
        deal_amount_won as amount
    from sales
    where deal_amount_won <> 0 and deal_amount_won_reporting is null
    union all
    select
        organization_id,
        platform,
        connection_id,
        account_id,
        date_day,
        channel,
        platform as attributed_platform,
        currency_code,
        reporting_currency,
        'email_revenue' as measure,
        email_revenue as amount
    from mail
    where email_revenue <> 0 and email_revenue_reporting is null
    union all
    {%- for measure in ad_measures %}
    select
        {{ place | join(',
        ') }},
        currency_code,
        reporting_currency,
        '{{ measure }}' as measure,
        cast({{ measure }} as decimal(24, 6)) as amount
    from ads
    where {{ measure }} <> 0 and {{ measure }}_reporting is null
    union all
    {%- endfor %}
    {%- for measure, column in shop_measures.items() %}
    select
        {{ place | join(',
        ') }},
        currency_code,
        reporting_currency,
        '{{ measure }}' as measure,
        cast({{ column }} as decimal(24, 6)) as amount
    from shop_documents
    where {{ column }} <> 0 and {{ column }}_reporting is null
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

summed as (
    select
        {{ place | join(',
        ') }},
        {{ date_key('date_day') }} as date_key,
        measure,
        coalesce(currency_code, 'unknown') as currency_code,
        max(reporting_currency) as reporting_currency,
        try_cast(sum(amount) as decimal(24, 6)) as amount
    from amounts
    group by
        {{ place | join(',
        ') }},
        measure,
        coalesce(currency_code, 'unknown')
)

select * from summed
