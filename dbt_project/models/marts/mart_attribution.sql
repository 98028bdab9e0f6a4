{{ config(
    key=['organization_id', 'date_month'],
    order_by=['organization_id', 'date_day', 'order_key', 'model', 'channel', 'campaign_bucket'],
) }}

-- Each counted order, and what was added to one, shared over the channels and campaigns of its journey by each model. Shares of money are split by
-- the largest remainder in hundredths, so that they add up to the order's revenue in both currencies.

{% set amounts = ['revenue', 'revenue_reporting'] %}

with

dirty_keys as (
    {% call dirty_keys() %}
    select
        organization_id,
        date_month,
        {{ set_fingerprint(['source', 'place', 'fingerprint']) }} as fingerprint
    from (
        select organization_id, date_month, 'journeys' as source, '' as place, fingerprint
        from {{ state_of('int_journeys') }}
        where organization_id in (select organization_id from {{ state_of('fact_orders') }})
        union all
        select organization_id, date_month, 'effects' as source, '' as place, fingerprint
        from {{ state_of('int_removal_effects') }}
        where organization_id in (select organization_id from {{ state_of('fact_orders') }})
        union all
        select
            organization_id,
            cast(date_trunc('month', date_day) as date) as date_month,
            'orders' as source,
            {{ row_text(['connection_id', 'date_day']) }} as place,
            fingerprint
        from {{ state_of('fact_orders') }}
    ) as depended_on
    group by organization_id, date_month
    {% endcall %}
),

journey_touches as (
    select
        journeys.organization_id,
        journeys.date_month,
        journeys.journey_key,
        journeys.position,
        journeys.touched_at,
        journeys.converted_at,
        journeys.channel,
        journeys.attributed_platform,
        journeys.campaign_key,
        effects.removal_effect
    from {{ ref('int_journeys') }} as journeys
    inner join dirty_keys
        on journeys.organization_id = dirty_keys.organization_id and journeys.date_month = dirty_keys.date_month
    left join {{ ref('int_removal_effects') }} as effects
        on
            journeys.organization_id = effects.organization_id
            and journeys.date_month = effects.date_month
            and journeys.channel = effects.channel
    where journeys.journey_type <> 'lost'
),

{{ touch_credits('journey_touches', ['journey_key']) }}

summed as (
    select
        journey_key as order_key,
        model,
        channel,
        attributed_platform,
        campaign_key,
        count(*) as touches,
        cast(sum(credit) as decimal(10, 9)) as credit
    from credits
    group by journey_key, model, channel, attributed_platform, campaign_key
),

priced as (
    select
        orders.organization_id,
        orders.platform,
        orders.connection_id,
        orders.account_id,
        orders.order_key,
        orders.order_id,
        orders.order_type,
        orders.date_day,
        orders.customer_type,
        summed.model,
        summed.channel,
        summed.attributed_platform,
        summed.campaign_key,
        coalesce(summed.campaign_key, 'unattributed') as campaign_bucket,
        summed.touches,
        summed.credit,
        orders.currency_code,
        orders.reporting_currency,
        orders.net_amount as revenue,
        orders.net_amount_reporting as revenue_reporting,
        orders._sync_id
    from summed
    inner join {{ ref('fact_orders') }} as orders on summed.order_key = orders.order_key
    where summed.credit > 0
),

{{ split_amounts('priced', amounts, 'credit', ['order_key', 'model'], 'credit desc, channel, attributed_platform, campaign_bucket') }}

attributed as (
    select
        {{ surrogate_key(['order_key', 'model', 'channel', 'attributed_platform', 'campaign_bucket']) }} as attribution_key,
        organization_id,
        platform,
        connection_id,
        account_id,
        order_key,
        order_id,
        order_type,
        date_day,
        {{ date_key('date_day') }} as date_key,
        cast(date_trunc('month', date_day) as date) as date_month,
        model,
        channel,
        attributed_platform,
        campaign_key,
        campaign_bucket,
        touches,
        credit,
        case when order_type = 'sale' then credit else cast(0 as decimal(10, 9)) end as credited_orders,
        case when order_type = 'sale' and customer_type = 'new' then credit else cast(0 as decimal(10, 9)) end as credited_new_customers,
        currency_code,
        reporting_currency,
        revenue_share as credited_revenue,
        revenue_reporting_share as credited_revenue_reporting,
        _sync_id
    from priced_split
)

select * from attributed
