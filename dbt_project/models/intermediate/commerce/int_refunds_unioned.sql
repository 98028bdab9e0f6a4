{{ config(materialized='dirty_keys', key=['connection_id', 'order_id'], order_by=['organization_id', 'date_day', 'connection_id', 'order_id', 'refund_id']) }}

-- A refund's product value is that of its lines, tax excluded. What was paid back beyond the value of what came
-- back is an amount without lines and lowers revenue in a column of its own (`adjustment_amount`); what the
-- merchant kept of that value raises it again. Money often follows the lines in a later refund, so values and
-- money are compared over the order's refunds up to each, and nothing is taken off twice. What an edit took off
-- without a refund has a row as well, of type `edit`.

{% set of_its_order = [
    'order_key', 'customer_key', 'has_customer', 'country', 'channel_words', 'campaign_words', 'utm_source', 'utm_medium',
    'utm_campaign', 'utm_term', 'utm_content', 'landing_campaign_id', 'click_id_type', 'is_counted',
] %}

with

dirty_keys as (
    {% call dirty_keys() %}
    select
        connection_id,
        order_id,
        {{ set_fingerprint(['source', 'fingerprint']) }} as fingerprint
    from (
        select connection_id, order_id, 'order' as source, fingerprint
        from {{ state_of('int_orders_unioned') }}
        union all
        select connection_id, order_id, 'refunds' as source, fingerprint
        from {{ state_of('stg_shopify__refunds') }}
        union all
        select connection_id, order_id, 'ledger' as source, fingerprint
        from {{ state_of('stg_shopify__sales') }}
    ) as sources
    group by connection_id, order_id
    {% endcall %}
),

returned as (
    select
        lines.connection_id,
        lines.order_id,
        lines.refund_id,
        -try_cast(sum(lines.quantity) as decimal(24, 6)) as units,
        -try_cast(sum(lines.net_amount) as decimal(24, 6)) as net_amount,
        -try_cast(sum(lines.tax_amount) as decimal(24, 6)) as tax_amount,
        -try_cast(sum(coalesce(
            lines.stated_amount,
            lines.net_amount + lines.tax_amount + lines.shipping_amount
        )) as decimal(24, 6)) as stated_amount
    from {{ ref('int_order_lines_unioned') }} as lines
    inner join dirty_keys
        on lines.connection_id = dirty_keys.connection_id and lines.order_id = dirty_keys.order_id
    where lines.line_type = 'return' and lines.item_type = 'product'
    group by lines.connection_id, lines.order_id, lines.refund_id
),

-- The value with its tax of everything that came back, gift cards and tips too.
returned_values as (
    select
        lines.connection_id,
        lines.order_id,
        lines.refund_id,
        -try_cast(sum(lines.net_amount + lines.tax_amount) as decimal(24, 6)) as amount
    from {{ ref('int_order_lines_unioned') }} as lines
    inner join dirty_keys
        on lines.connection_id = dirty_keys.connection_id and lines.order_id = dirty_keys.order_id
    where lines.line_type = 'return'
    group by lines.connection_id, lines.order_id, lines.refund_id
),

documents as (
    select orders.*
    from {{ ref('int_orders_unioned') }} as orders
    inner join dirty_keys
        on orders.connection_id = dirty_keys.connection_id and orders.order_id = dirty_keys.order_id
),

-- Of the goods, what edits have left of what was ever sold.
sold as (
    select
        connection_id,
        order_id,
        try_cast(sum(net_amount) as decimal(24, 6)) as net_amount
    from (
        select connection_id, order_id, net_amount from documents
        union all
        select connection_id, order_id, -net_amount as net_amount from returned
        where refund_id like 'edit/%'
    ) as parts
    group by connection_id, order_id
),

orders as (
    select
        documents.*,
        sold.net_amount as sold_net_amount
    from documents
    inner join sold
        on documents.connection_id = sold.connection_id and documents.order_id = sold.order_id
    where documents.order_type <> 'edit'
),

shopify_refunds as (
    select
        refunds.connection_id,
        refunds.order_id,
        refunds.refund_id,
        refunds.refunded_at,
        refunds.kept_amount,
        refunds.is_shipping_stated,
        coalesce(refunds.paid_back_amount, refunds.stated_amount, 0) as paid_amount,
        coalesce(returned.net_amount, 0) as net_amount,
        coalesce(returned_values.amount, 0) + refunds.shipping_amount + refunds.shipping_tax_amount as returned_value,
        orders.sold_net_amount as order_net_amount,
        orders.shipping_amount + orders.shipping_tax_amount as order_shipping
    from {{ ref('stg_shopify__refunds') }} as refunds
    inner join orders
        on refunds.connection_id = orders.connection_id and refunds.order_id = orders.order_id
    left join returned
        on
            refunds.connection_id = returned.connection_id
            and refunds.order_id = returned.order_id
            and refunds.refund_id = returned.refund_id
    left join returned_values
        on
            refunds.connection_id = returned_values.connection_id
            and refunds.order_id = returned_values.order_id
            and refunds.refund_id = returned_values.refund_id
    where refunds.refunded_at is not null
),

so_far as (
    select
        *,
        sum(paid_amount) over up_to_here as paid_so_far,
        sum(returned_value) over up_to_here as value_so_far,
        sum(kept_amount) over up_to_here as kept_so_far,
        sum(net_amount) over up_to_here as net_so_far,
        -- What earlier versions of the connector pulled does not say whether it is of the shipping.
        case when min(case when is_shipping_stated then 1 else 0 end) over up_to_here = 0 then order_shipping else 0 end as perhaps_shipping
    from shopify_refunds
    window up_to_here as (
        partition by connection_id, order_id
        order by refunded_at, refund_id
        rows between unbounded preceding and current row
    )
),

-- Never more than the goods that are left, for the rest is tax, shipping or a tip; and never less than nothing.
beyond_lines as (
    select
        *,
        case
            when paid_so_far > value_so_far
                then least(
                    greatest(paid_so_far - value_so_far - perhaps_shipping, 0),
                    greatest(order_net_amount - net_so_far, 0)
                )
            else -least(greatest(kept_so_far, 0), value_so_far - paid_so_far, greatest(net_so_far, 0))
        end as beyond_so_far
    from so_far
),

adjusted as (
    select
        connection_id,
        order_id,
        refund_id,
        try_cast(
            beyond_so_far - coalesce(lag(beyond_so_far) over (
                partition by connection_id, order_id
                order by refunded_at, refund_id
            ), 0) as decimal(24, 6)
        ) as adjustment_amount
    from beyond_lines
),

shopify as (
    select
        refunds.organization_id,
        refunds.connection_id,
        refunds.platform,
        refunds.account_id,
        refunds.order_id,
        refunds.refund_id,
        'refund' as refund_type,
        {%- for name in of_its_order %}
        orders.{{ name }},
        {%- endfor %}
        refunds.refunded_at,
        refunds.date_day,
        refunds.local_hour,
        refunds.currency_code,
        coalesce(returned.units, 0) as units,
        coalesce(refunds.paid_back_amount, refunds.stated_amount, 0) as refunded_amount,
        coalesce(returned.net_amount, 0) as net_amount,
        coalesce(returned.tax_amount, 0) as tax_amount,
        adjusted.adjustment_amount,
        refunds.shipping_amount,
        refunds.shipping_tax_amount,
        refunds._sync_id,
        refunds._chunk_id,
        refunds._synced_at
    from {{ ref('stg_shopify__refunds') }} as refunds
    inner join adjusted
        on
            refunds.connection_id = adjusted.connection_id
            and refunds.order_id = adjusted.order_id
            and refunds.refund_id = adjusted.refund_id
    inner join orders
        on refunds.connection_id = orders.connection_id and refunds.order_id = orders.order_id
    left join returned
        on
            refunds.connection_id = returned.connection_id
            and refunds.order_id = returned.order_id
            and refunds.refund_id = returned.refund_id
),

agreements as (
    select
        sales.connection_id,
        sales.order_id,
        concat('edit/', sales.agreement_id) as refund_id,
        min(sales.happened_at) as happened_at,
        min(sales.date_day) as date_day,
        min(sales.local_hour) as local_hour,
        min(sales.currency_code) as currency_code,
        max(sales._sync_id) as _sync_id,
        max(sales._chunk_id) as _chunk_id,
        max(sales._synced_at) as _synced_at
    from {{ ref('stg_shopify__sales') }} as sales
    inner join dirty_keys
        on sales.connection_id = dirty_keys.connection_id and sales.order_id = dirty_keys.order_id
    where sales.sale_action = 'RETURN'
    group by sales.connection_id, sales.order_id, sales.agreement_id
),

shopify_edits as (
    select
        orders.organization_id,
        orders.connection_id,
        orders.platform,
        orders.account_id,
        orders.order_id,
        taken_off.refund_id,
        'edit' as refund_type,
        {%- for name in of_its_order %}
        orders.{{ name }},
        {%- endfor %}
        agreements.happened_at as refunded_at,
        agreements.date_day,
        agreements.local_hour,
        agreements.currency_code,
        coalesce(returned.units, 0) as units,
        cast(0 as decimal(24, 6)) as refunded_amount,
        coalesce(returned.net_amount, 0) as net_amount,
        coalesce(returned.tax_amount, 0) as tax_amount,
        {%- for amount in ['adjustment', 'shipping', 'shipping_tax'] %}
        cast(0 as decimal(24, 6)) as {{ amount }}_amount,
        {%- endfor %}
        agreements._sync_id,
        agreements._chunk_id,
        agreements._synced_at
    from returned_values as taken_off
    inner join agreements
        on
            taken_off.connection_id = agreements.connection_id
            and taken_off.order_id = agreements.order_id
            and taken_off.refund_id = agreements.refund_id
    inner join orders
        on taken_off.connection_id = orders.connection_id and taken_off.order_id = orders.order_id
    left join returned
        on
            taken_off.connection_id = returned.connection_id
            and taken_off.order_id = returned.order_id
            and taken_off.refund_id = returned.refund_id
),

file_documents as (
    select
        lines.*,
        try_cast(abs(sum(lines.refunded_amount) over one_order) as decimal(24, 6)) as document_refunded_amount,
        min(case when lines.refunded_amount <> 0 then coalesce(lines.refunded_at, lines.updated_at) end) over one_order as document_refunded_at
    from {{ ref('int_file_order_lines') }} as lines
    inner join dirty_keys
        on lines.connection_id = dirty_keys.connection_id and lines.order_id = dirty_keys.order_id
    where not lines.is_deleted
    window one_order as (partition by lines.connection_id, lines.order_id, lines.document_type = 'return')
    qualify row_number() over (
        partition by lines.connection_id, lines.order_id, lines.document_type = 'return'
        order by lines.source_row, lines.line_id
    ) = 1
),

-- A return is a document of its own; which order it gives back is told only when it has that order's number.
file_returns as (
    select
        documents.organization_id,
        documents.connection_id,
        documents.platform,
        documents.account_id,
        documents.order_id,
        documents.order_id as refund_id,
        'refund' as refund_type,
        orders.order_key,
        {{ surrogate_key([
            'documents.organization_id', 'documents.platform', 'documents.account_id',
            "coalesce(documents.stated_customer_id, documents.email_token, '')",
        ]) }} as customer_key,
        coalesce(documents.stated_customer_id, documents.email_token) is not null as has_customer,
        documents.country,
        {{ channel_words('documents.utm_source', "''", 'documents.utm_medium', "''", 'documents.stated_channel') }} as channel_words,
        lower(concat_ws(
            '|', coalesce(documents.utm_source, ''), coalesce(documents.utm_medium, ''),
            coalesce(documents.utm_campaign, ''), '', '', ''
        )) as campaign_words,
        documents.utm_source,
        documents.utm_medium,
        documents.utm_campaign,
        {{ unreported('varchar') }} as utm_term,
        {{ unreported('varchar') }} as utm_content,
        {{ unreported('varchar') }} as landing_campaign_id,
        {{ unreported('varchar') }} as click_id_type,
        true as is_counted,
        documents.ordered_at as refunded_at,
        documents.date_day,
        cast(hour({{ instant_to_local('documents.ordered_at', 'documents.time_zone') }}) as integer) as local_hour,
        documents.currency_code,
        returned.units,
        returned.stated_amount as refunded_amount,
        returned.net_amount,
        returned.tax_amount,
        {%- for amount in ['adjustment', 'shipping', 'shipping_tax'] %}
        cast(0 as decimal(24, 6)) as {{ amount }}_amount,
        {%- endfor %}
        documents._sync_id,
        documents._chunk_id,
        documents._synced_at
    from file_documents as documents
    inner join returned
        on documents.connection_id = returned.connection_id and documents.order_id = returned.order_id
    left join orders
        on documents.connection_id = orders.connection_id and documents.order_id = orders.order_id
    where documents.document_type = 'return'
),

-- An amount that a sale's own rows say was given back.
file_refunds as (
    select
        documents.organization_id,
        documents.connection_id,
        documents.platform,
        documents.account_id,
        documents.order_id,
        concat(documents.order_id, '/refund') as refund_id,
        'refund' as refund_type,
        {%- for name in of_its_order %}
        orders.{{ name }},
        {%- endfor %}
        coalesce(documents.document_refunded_at, documents.ordered_at) as refunded_at,
        cast({{ instant_to_local('coalesce(documents.document_refunded_at, documents.ordered_at)', 'documents.time_zone') }} as date) as date_day,
        cast(hour({{ instant_to_local('coalesce(documents.document_refunded_at, documents.ordered_at)', 'documents.time_zone') }}) as integer) as local_hour,
        documents.currency_code,
        cast(0 as decimal(24, 6)) as units,
        documents.document_refunded_amount as refunded_amount,
        documents.document_refunded_amount as net_amount,
        cast(0 as decimal(24, 6)) as tax_amount,
        {%- for amount in ['adjustment', 'shipping', 'shipping_tax'] %}
        cast(0 as decimal(24, 6)) as {{ amount }}_amount,
        {%- endfor %}
        documents._sync_id,
        documents._chunk_id,
        documents._synced_at
    from file_documents as documents
    inner join orders
        on documents.connection_id = orders.connection_id and documents.order_id = orders.order_id
    where documents.document_type <> 'return' and documents.document_refunded_amount <> 0
),

unioned as (
    select * from shopify
    union all
    select * from shopify_edits
    union all
    select * from file_returns
    union all
    select * from file_refunds
),

keyed as (
    select
        {{ surrogate_key(['organization_id', 'platform', 'account_id', 'order_id', 'refund_id']) }} as refund_key,
        unioned.*
    from unioned
)

select * from keyed
