{{ config(
    key=['organization_id', 'platform', 'connection_id', 'date_day'],
    order_by=['organization_id', 'date_day', 'refund_key'],
) }}

with

dirty_keys as (
    {% call dirty_keys() %}
    select organization_id, platform, connection_id, date_day, fingerprint
    from {{ ref('int_refund_days') }}
    {% endcall %}
),

refunds as (
    select refunds.*
    from {{ ref('int_refunds_unioned') }} as refunds
    inner join dirty_keys
        on refunds.connection_id = dirty_keys.connection_id and refunds.date_day = dirty_keys.date_day
),

converted as (
    select
        -- keys
        refunds.organization_id,
        refunds.platform,
        refunds.connection_id,
        refunds.account_id,
        refunds.refund_key,
        refunds.refund_id,
        refunds.order_key,
        refunds.customer_key,
        refunds.date_day,
        {{ date_key('refunds.date_day') }} as date_key,
        refunds.local_hour,
        refunds.refunded_at,

        -- what it is
        refunds.is_counted,
        refunds.country,
        campaigns.channel,
        campaigns.attributed_platform,

        -- measures; money in the order's currency and in the reporting currency, at the refund's own day
        refunds.currency_code,
        rates.reporting_currency,
        rates.exchange_rate,
        refunds.units,
        refunds.net_amount,
        {{ convert('refunds.net_amount', 'rates.exchange_rate') }} as net_amount_reporting,
        refunds.tax_amount,
        {{ convert('refunds.tax_amount', 'rates.exchange_rate') }} as tax_amount_reporting,
        refunds.refunded_amount,
        {{ convert('refunds.refunded_amount', 'rates.exchange_rate') }} as refunded_amount_reporting,
        try_cast(
            case
                when refunds.refund_type = 'refund'
                    then
                        refunds.refunded_amount - refunds.net_amount - refunds.tax_amount - refunds.adjustment_amount
                        - refunds.shipping_amount - refunds.shipping_tax_amount
                else 0
            end as decimal(24, 6)
        ) as other_amount,

        -- amounts without lines, and shipping that was given back
        {%- for amount in ['adjustment', 'shipping', 'shipping_tax'] %}
        refunds.{{ amount }}_amount,
        {{ convert('refunds.' ~ amount ~ '_amount', 'rates.exchange_rate') }} as {{ amount }}_amount_reporting,
        {%- endfor %}

        -- lineage
        refunds._sync_id,
        refunds._synced_at,

        -- what brought its order
        campaigns.campaign_key,
        campaigns.ad_key,
        campaigns.campaign_match,

        -- a refund of the shop, or what an edit took off without one
        refunds.refund_type
    from refunds
    left join {{ ref('int_order_campaigns') }} as campaigns
        on
            refunds.organization_id = campaigns.organization_id
            and refunds.channel_words = campaigns.channel_words
            and refunds.campaign_words = campaigns.campaign_words
    left join {{ ref('int_reporting_rates') }} as rates
        on
            refunds.organization_id = rates.organization_id
            and refunds.currency_code = rates.currency_code
            and refunds.date_day = rates.date_day
)

select * from converted
