{{ config(materialized='dirty_keys', key=['connection_id', 'order_id'], order_by=['organization_id', 'date_day', 'connection_id', 'order_id', 'refund_id']) }}

-- The refunds of every shop and file. A refund's product value is that of its lines, tax excluded, where it does not
-- state it. What was paid back beyond the value of what came back is an amount without lines and lowers revenue in a
-- column of its own (`adjustment_amount`). What an edit took off without a refund has a row as well, of type `edit`.

{% set of_its_order = [
    'customer_key', 'has_customer', 'country', 'channel_words', 'campaign_words', 'utm_source', 'utm_medium', 'utm_campaign',
    'utm_term', 'utm_content', 'landing_campaign_id', 'click_id_type', 'is_counted',
] %}

with

dirty_keys as (
    {% call dirty_keys() %}
    {{ states_of(['int_orders_unioned', 'int_order_lines_unioned'] + level_models('refunds')) }}
    {% endcall %}
),

unioned as (
    {{ union_of('refunds') }}
),

-- A refund that is a document of its own says itself whom it is for and where that customer came from.
refunds as (
    select
        unioned.*,
        {{ surrogate_key([
            'unioned.organization_id', 'unioned.platform', 'unioned.account_id', "coalesce(unioned.customer_id, '')",
        ]) }} as customer_key,
        unioned.customer_id is not null as has_customer,
        {{ channel_words('unioned.') }} as channel_words,
        {{ campaign_words('unioned.') }} as campaign_words,
        true as is_counted
    from unioned
    inner join dirty_keys
        on unioned.connection_id = dirty_keys.connection_id and unioned.order_id = dirty_keys.order_id
),

orders as (
    select orders.*
    from {{ ref('int_orders_unioned') }} as orders
    inner join dirty_keys
        on orders.connection_id = dirty_keys.connection_id and orders.order_id = dirty_keys.order_id
    where orders.order_type <> 'edit'
),

returned as (
    select
        lines.connection_id,
        lines.order_id,
        lines.refund_id,
        -try_cast(sum(lines.quantity) as decimal(24, 6)) as units,
        -try_cast(sum(lines.net_amount) as decimal(24, 6)) as net_amount,
        -try_cast(sum(lines.tax_amount) as decimal(24, 6)) as tax_amount
    from {{ ref('int_order_lines_unioned') }} as lines
    inner join dirty_keys
        on lines.connection_id = dirty_keys.connection_id and lines.order_id = dirty_keys.order_id
    where lines.line_type = 'return' and lines.item_type = 'product'
    group by lines.connection_id, lines.order_id, lines.refund_id
),

valued as (
    select
        {{ surrogate_key([
            'refunds.organization_id', 'refunds.platform', 'refunds.account_id', 'refunds.order_id', 'refunds.refund_id',
        ]) }} as refund_key,
        refunds.organization_id,
        refunds.connection_id,
        refunds.platform,
        refunds.account_id,
        refunds.order_id,
        refunds.refund_id,
        refunds.refund_type,
        orders.order_key,
        {%- for name in of_its_order %}
        case when refunds.is_document then refunds.{{ name }} else orders.{{ name }} end as {{ name }},
        {%- endfor %}
        refunds.refunded_at,
        refunds.date_day,
        refunds.local_hour,
        refunds.currency_code,
        coalesce(returned.units, 0) as units,
        refunds.refunded_amount,
        coalesce(refunds.net_amount, returned.net_amount, 0) as net_amount,
        coalesce(returned.tax_amount, 0) as tax_amount,
        refunds.adjustment_amount,
        refunds.shipping_amount,
        refunds.shipping_tax_amount,
        refunds._sync_id,
        refunds._chunk_id,
        refunds._synced_at
    from refunds
    left join orders
        on refunds.connection_id = orders.connection_id and refunds.order_id = orders.order_id
    left join returned
        on
            refunds.connection_id = returned.connection_id
            and refunds.order_id = returned.order_id
            and refunds.refund_id = returned.refund_id
    where refunds.is_document or orders.order_id is not null
)

select * from valued
