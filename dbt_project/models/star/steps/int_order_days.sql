-- Everything that the orders of an account's day depend on: their newest versions, which order of its
-- customer each is, what its goods cost, and what their money is converted with.

with

orders as (
    select
        orders.organization_id,
        orders.platform,
        orders.connection_id,
        orders.account_id,
        orders.order_id,
        orders.date_day,
        orders.currency_code,
        orders.channel_words,
        orders.campaign_words
    from {{ ref('int_orders_unioned') }} as orders
),

states as (
    select * from {{ state_of('int_orders_unioned') }}
),

numbers as (
    select * from {{ ref('int_customer_orders') }}
),

costs as (
    select
        connection_id,
        order_id,
        bit_xor({{ hash_number(row_text(['line_id', 'unit_cost'])) }}) as costs_hash
    from {{ ref('int_order_line_costs') }}
    where unit_cost is not null and line_type <> 'return'
    group by connection_id, order_id
),

rates as (
    select * from {{ ref('int_reporting_rates') }}
),

campaigns as (
    select * from {{ ref('int_order_campaigns') }}
),

days as (
    select
        orders.organization_id,
        orders.platform,
        orders.connection_id,
        orders.date_day,
        {{ set_fingerprint([
            'orders.order_id', 'states.fingerprint', 'numbers.customer_order_number', 'numbers.customer_type', 'costs.costs_hash',
            'rates.reporting_currency', 'rates.exchange_rate',
            'campaigns.campaign_key', 'campaigns.ad_key', 'campaigns.campaign_match', 'campaigns.campaign_candidates',
            'campaigns.channel', 'campaigns.attributed_platform',
        ]) }} as fingerprint
    from orders
    inner join states
        on orders.connection_id = states.connection_id and orders.order_id = states.order_id
    left join numbers
        on orders.connection_id = numbers.connection_id and orders.order_id = numbers.order_id
    left join costs
        on orders.connection_id = costs.connection_id and orders.order_id = costs.order_id
    left join rates
        on
            orders.organization_id = rates.organization_id
            and orders.currency_code = rates.currency_code
            and orders.date_day = rates.date_day
    left join campaigns
        on
            orders.organization_id = campaigns.organization_id
            and orders.channel_words = campaigns.channel_words
            and orders.campaign_words = campaigns.campaign_words
    group by orders.organization_id, orders.platform, orders.connection_id, orders.date_day
)

select * from days
