-- Everything that the refunds of an account's day depend on.

with

refunds as (
    select * from {{ ref('int_refunds_unioned') }}
),

states as (
    select * from {{ state_of('int_refunds_unioned') }}
),

costs as (
    select
        connection_id,
        order_id,
        refund_id,
        bit_xor({{ hash_number(row_text(['line_id', 'unit_cost'])) }}) as costs_hash
    from {{ ref('int_order_line_costs') }}
    where unit_cost is not null and line_type = 'return'
    group by connection_id, order_id, refund_id
),

rates as (
    select * from {{ ref('int_reporting_rates') }}
),

campaigns as (
    select * from {{ ref('int_order_campaigns') }}
),

days as (
    select
        refunds.organization_id,
        refunds.platform,
        refunds.connection_id,
        refunds.date_day,
        {{ set_fingerprint([
            'refunds.order_id', 'refunds.refund_id', 'states.fingerprint', 'costs.costs_hash',
            'rates.reporting_currency', 'rates.exchange_rate',
            'campaigns.campaign_key', 'campaigns.ad_key', 'campaigns.campaign_match', 'campaigns.campaign_candidates',
            'campaigns.channel', 'campaigns.attributed_platform',
        ]) }} as fingerprint
    from refunds
    inner join states
        on refunds.connection_id = states.connection_id and refunds.order_id = states.order_id
    left join costs
        on
            refunds.connection_id = costs.connection_id
            and refunds.order_id = costs.order_id
            and refunds.refund_id = costs.refund_id
    left join rates
        on
            refunds.organization_id = rates.organization_id
            and refunds.currency_code = rates.currency_code
            and refunds.date_day = rates.date_day
    left join campaigns
        on
            refunds.organization_id = campaigns.organization_id
            and refunds.channel_words = campaigns.channel_words
            and refunds.campaign_words = campaigns.campaign_words
    group by refunds.organization_id, refunds.platform, refunds.connection_id, refunds.date_day
)

select * from days
