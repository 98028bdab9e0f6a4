{{ config(materialized='dirty_keys', key=['connection_id', 'order_id'], order_by=['organization_id', 'date_day', 'connection_id', 'order_id', 'refund_id']) }}

-- Refunds, and what an edit took off without one.

{% set models = ['stg_shopify__refunds', 'stg_shopify__sales', 'stg_shopify__line_bookings', 'stg_shopify__order_documents'] %}

{{ rows_of_dirty_orders(models) }}

-- What came back: the goods, and the value with its tax of everything, gift cards and tips too.
returned as (
    select
        connection_id,
        order_id,
        refund_id,
        -try_cast(sum(case when item_type = 'product' then net_amount else 0 end) as decimal(24, 6)) as net_amount,
        -try_cast(sum(net_amount + tax_amount) as decimal(24, 6)) as amount
    from line_bookings
    where line_type = 'return'
    group by connection_id, order_id, refund_id
),

-- Of the goods, what edits have left of what was ever sold.
sold as (
    select
        connection_id,
        order_id,
        try_cast(sum(net_amount) as decimal(24, 6)) as net_amount
    from line_bookings
    where item_type = 'product' and (line_type <> 'return' or refund_id like 'edit/%')
    group by connection_id, order_id
),

valued as (
    select
        refunds.*,
        coalesce(refunds.paid_back_amount, refunds.stated_amount, 0) as paid_amount,
        coalesce(returned.net_amount, 0) as net_amount,
        coalesce(returned.amount, 0) + refunds.shipping_amount + refunds.shipping_tax_amount as returned_value,
        coalesce(sold.net_amount, 0) as order_net_amount,
        -- What earlier versions of the connector pulled does not say whether it is of the shipping.
        case when refunds.is_shipping_stated then 0 else orders.shipping_amount + coalesce(orders.shipping_tax_amount, 0) end as perhaps_shipping
    from refunds
    inner join order_documents as orders
        on
            refunds.connection_id = orders.connection_id
            and refunds.order_id = orders.order_id
            and orders.order_type <> 'edit'
    left join sold
        on refunds.connection_id = sold.connection_id and refunds.order_id = sold.order_id
    left join returned
        on
            refunds.connection_id = returned.connection_id
            and refunds.order_id = returned.order_id
            and refunds.refund_id = returned.refund_id
    where refunds.refunded_at is not null
),

{{ goods_adjustments('valued') }}

adjusted as (
    select
        organization_id,
        connection_id,
        platform,
        account_id,
        order_id,
        refund_id,
        'refund' as refund_type,
        refunded_at,
        date_day,
        local_hour,
        currency_code,
        try_cast(paid_amount as decimal(24, 6)) as refunded_amount,
        adjustment_amount,
        shipping_amount,
        shipping_tax_amount,
        _sync_id,
        _chunk_id,
        _synced_at
    from valued_adjusted
),

taken_off as (
    select
        sales.organization_id,
        sales.connection_id,
        sales.platform,
        sales.account_id,
        sales.order_id,
        returned.refund_id,
        'edit' as refund_type,
        min(sales.happened_at) as refunded_at,
        min(sales.date_day) as date_day,
        min(sales.local_hour) as local_hour,
        min(sales.currency_code) as currency_code,
        {%- for amount in ['refunded', 'adjustment', 'shipping', 'shipping_tax'] %}
        cast(0 as decimal(24, 6)) as {{ amount }}_amount,
        {%- endfor %}
        max(sales._sync_id) as _sync_id,
        max(sales._chunk_id) as _chunk_id,
        max(sales._synced_at) as _synced_at
    from sales
    inner join returned
        on
            sales.connection_id = returned.connection_id
            and sales.order_id = returned.order_id
            and concat('edit/', sales.agreement_id) = returned.refund_id
    where sales.sale_action = 'RETURN'
    group by sales.organization_id, sales.connection_id, sales.platform, sales.account_id, sales.order_id, returned.refund_id
),

documents as (
    select * from adjusted
    union all
    select * from taken_off
)

select * from documents
