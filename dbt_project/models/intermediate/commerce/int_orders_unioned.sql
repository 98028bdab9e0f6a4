{{ config(materialized='dirty_keys', key=['connection_id', 'order_id'], order_by=['organization_id', 'date_day', 'connection_id', 'order_id']) }}

-- One CTE per platform: its words on the left, ours on the right. Units, gross, discount and net are those of
-- the document's goods alone: a gift card that is sold is a debt of the shop until it is used, a tip is the
-- staff's, and shipping, duties and fees are no goods; each has its own column, without its tax. A document
-- that is a return is no order. What an edit or an exchange added is a document of its own, of type
-- `edit`, so that no earlier day changes.

{% set paid = ['PAID', 'PARTIALLY_PAID', 'PARTIALLY_REFUNDED', 'REFUNDED'] %}

with

dirty_keys as (
    {% call dirty_keys() %}
    select
        connection_id,
        order_id,
        {{ set_fingerprint(['source', 'fingerprint']) }} as fingerprint
    from (
        select connection_id, order_id, 'lines' as source, fingerprint
        from {{ state_of('int_order_lines_unioned') }}
        union all
        select connection_id, order_id, 'order' as source, fingerprint
        from {{ state_of('stg_shopify__orders') }}
        union all
        select connection_id, order_id, 'file' as source, fingerprint
        from {{ state_of('int_file_order_lines') }}
    ) as sources
    group by connection_id, order_id
    {% endcall %}
),

summed as (
    select
        lines.connection_id,
        lines.order_id,
        lines.document_id,
        min(lines.date_day) as date_day,
        count(*) as line_count,
        {{ whole_sum("case when lines.item_type = 'product' then lines.quantity else 0 end") }} as units,
        {%- for amount in ['gross', 'discount', 'included_tax', 'net'] %}
        {{ whole_sum("case when lines.item_type = 'product' then lines." ~ amount ~ "_amount else 0 end") }} as {{ amount }}_amount,
        {%- endfor %}
        {%- for item_type in ['gift_card', 'tip'] %}
        {{ whole_sum("case when lines.item_type = '" ~ item_type ~ "' then lines.net_amount else 0 end") }} as {{ item_type }}_amount,
        {%- endfor %}
        {{ whole_sum('lines.tax_amount') }} as tax_amount,
        {{ whole_sum('lines.shipping_amount') }} as shipping_amount,
        try_cast(sum(coalesce(
            lines.stated_amount,
            lines.net_amount + lines.tax_amount + lines.shipping_amount
        )) as decimal(24, 6)) as total_amount
    from {{ ref('int_order_lines_unioned') }} as lines
    inner join dirty_keys
        on lines.connection_id = dirty_keys.connection_id and lines.order_id = dirty_keys.order_id
    where lines.line_type <> 'return'
    group by lines.connection_id, lines.order_id, lines.document_id
),

-- What was added to an order after it was placed.
edits as (
    select * from summed
    where document_id <> order_id
),

added as (
    select
        connection_id,
        order_id,
        try_cast(sum(tax_amount) as decimal(24, 6)) as tax_amount,
        try_cast(sum(total_amount) as decimal(24, 6)) as total_amount
    from edits
    group by connection_id, order_id
),

edited as (
    select
        sales.connection_id,
        sales.order_id,
        sales.date_day,
        min(sales.happened_at) as happened_at,
        min(sales.local_hour) as local_hour
    from {{ ref('stg_shopify__sales') }} as sales
    inner join dirty_keys
        on sales.connection_id = dirty_keys.connection_id and sales.order_id = dirty_keys.order_id
    where sales.sale_action in ('ORDER', 'UPDATE') and sales.agreement_reason <> 'ORDER'
    group by sales.connection_id, sales.order_id, sales.date_day
),

shopify_shipping as (
    select items.*
    from {{ ref('int_shopify_order_items') }} as items
    inner join dirty_keys
        on items.connection_id = dirty_keys.connection_id and items.order_id = dirty_keys.order_id
    where items.item_type = 'shipping'
),

shopify as (
    select
        orders.organization_id,
        orders.connection_id,
        orders.platform,
        orders.account_id,
        orders.order_id,
        orders.order_id as document_id,
        orders.order_name,
        'sale' as order_type,
        coalesce(orders.customer_id, '') as customer_id,
        orders.financial_status,
        orders.fulfillment_status,
        orders.country_code as country,
        orders.source_name,
        {{ unreported('varchar') }} as stated_channel,
        orders.last_visit_source as visit_source,
        orders.utm_source,
        orders.utm_medium,
        orders.utm_campaign,
        orders.utm_term,
        orders.utm_content,
        orders.landing_campaign_id,
        orders.click_id_type,
        orders.is_test,
        orders.cancelled_at is not null as is_cancelled,
        {{ not_counted_reason(
            'orders.is_test', "'sale'", "coalesce(orders.financial_status, '') in ('" ~ paid | join("', '") ~ "')",
            'orders.cancelled_at is not null', "coalesce(orders.financial_status, '')",
        ) }} as not_counted_reason,
        orders.ordered_at,
        orders.date_day,
        orders.local_hour,
        orders.updated_at,
        orders.cancelled_at,
        orders.currency_code,
        case when summed.order_id is null then 0 else summed.units end as units,
        coalesce(summed.line_count, 0) as line_count,
        case when summed.order_id is null then 0 else summed.gross_amount end as gross_amount,
        case when summed.order_id is null then 0 else summed.discount_amount end as discount_amount,
        coalesce(orders.total_tax - coalesce(added.tax_amount, 0), coalesce(summed.tax_amount, 0) + coalesce(shipping.tax_amount, 0)) as tax_amount,
        case when summed.order_id is null then 0 else summed.included_tax_amount end as included_tax_amount,
        case when summed.order_id is null then 0 else summed.net_amount end as net_amount,
        coalesce(shipping.net_amount, orders.total_shipping, 0) as shipping_amount,
        coalesce(orders.original_total_price, orders.total_price - coalesce(added.total_amount, 0)) as total_amount,
        coalesce(orders.total_refunded, 0) as refunded_amount_to_date,
        coalesce(shipping.tax_amount, 0) as shipping_tax_amount,
        case when summed.order_id is null then 0 else summed.gift_card_amount end as gift_card_amount,
        case when summed.order_id is null then 0 else summed.tip_amount end as tip_amount,
        coalesce(orders.total_duties, 0) as duty_amount,
        coalesce(orders.total_fees, 0) as fee_amount,
        orders._sync_id,
        orders._chunk_id,
        orders._synced_at,
        orders.customer_order_index as platform_order_number,
        orders.created_at
    from {{ ref('stg_shopify__orders') }} as orders
    inner join dirty_keys
        on orders.connection_id = dirty_keys.connection_id and orders.order_id = dirty_keys.order_id
    left join summed
        on
            orders.connection_id = summed.connection_id
            and orders.order_id = summed.order_id
            and orders.order_id = summed.document_id
    left join added
        on orders.connection_id = added.connection_id and orders.order_id = added.order_id
    left join shopify_shipping as shipping
        on orders.connection_id = shipping.connection_id and orders.order_id = shipping.order_id
),

-- An edit has what its lines come to, and everything else of its order.
shopify_edits as (
    select
        shopify.organization_id,
        shopify.connection_id,
        shopify.platform,
        shopify.account_id,
        shopify.order_id,
        edits.document_id,
        shopify.order_name,
        'edit' as order_type,
        shopify.customer_id,
        shopify.financial_status,
        shopify.fulfillment_status,
        shopify.country,
        shopify.source_name,
        shopify.stated_channel,
        shopify.visit_source,
        shopify.utm_source,
        shopify.utm_medium,
        shopify.utm_campaign,
        shopify.utm_term,
        shopify.utm_content,
        shopify.landing_campaign_id,
        shopify.click_id_type,
        shopify.is_test,
        shopify.is_cancelled,
        shopify.not_counted_reason,
        edited.happened_at as ordered_at,
        edits.date_day,
        edited.local_hour,
        shopify.updated_at,
        shopify.cancelled_at,
        shopify.currency_code,
        edits.units,
        edits.line_count,
        edits.gross_amount,
        edits.discount_amount,
        edits.tax_amount,
        edits.included_tax_amount,
        edits.net_amount,
        edits.shipping_amount,
        edits.total_amount,
        cast(0 as decimal(24, 6)) as refunded_amount_to_date,
        cast(0 as decimal(24, 6)) as shipping_tax_amount,
        edits.gift_card_amount,
        edits.tip_amount,
        cast(0 as decimal(24, 6)) as duty_amount,
        cast(0 as decimal(24, 6)) as fee_amount,
        shopify._sync_id,
        shopify._chunk_id,
        shopify._synced_at,
        {{ unreported('bigint') }} as platform_order_number,
        shopify.created_at
    from shopify
    inner join edits
        on shopify.connection_id = edits.connection_id and shopify.order_id = edits.order_id
    left join edited
        on
            edits.connection_id = edited.connection_id
            and edits.order_id = edited.order_id
            and edits.date_day = edited.date_day
),

-- What the lines of a document say of it as a whole is taken from its first line.
file_documents as (
    select
        lines.*,
        try_cast(abs(sum(lines.refunded_amount) over one_order) as decimal(24, 6)) as document_refunded_amount,
        min(lines.paid_at) over one_order as document_paid_at,
        -- A write-off is one when all of its lines are.
        case
            when lines.document_type = 'write_off'
                then coalesce(min(nullif(lines.document_type, 'write_off')) over one_order, 'write_off')
            else lines.document_type
        end as order_type
    from {{ ref('int_file_order_lines') }} as lines
    inner join dirty_keys
        on lines.connection_id = dirty_keys.connection_id and lines.order_id = dirty_keys.order_id
    where not lines.is_deleted and lines.document_type <> 'return'
    window one_order as (partition by lines.connection_id, lines.order_id)
    qualify row_number() over (
        partition by lines.connection_id, lines.order_id
        order by lines.source_row, lines.line_id
    ) = 1
),

files as (
    select
        documents.organization_id,
        documents.connection_id,
        documents.platform,
        documents.account_id,
        documents.order_id,
        documents.order_id as document_id,
        documents.order_id as order_name,
        documents.order_type,
        coalesce(documents.stated_customer_id, documents.email_token, '') as customer_id,
        documents.status as financial_status,
        {{ unreported('varchar') }} as fulfillment_status,
        documents.country,
        {{ unreported('varchar') }} as source_name,
        documents.stated_channel,
        {{ unreported('varchar') }} as visit_source,
        documents.utm_source,
        documents.utm_medium,
        documents.utm_campaign,
        {{ unreported('varchar') }} as utm_term,
        {{ unreported('varchar') }} as utm_content,
        {{ unreported('varchar') }} as landing_campaign_id,
        {{ unreported('varchar') }} as click_id_type,
        false as is_test,
        coalesce(documents.status, '') in ('cancelled', 'canceled') as is_cancelled,
        {{ not_counted_reason(
            'false', 'documents.order_type', 'documents.document_paid_at is not null',
            "coalesce(documents.status, '') in ('cancelled', 'canceled')", "coalesce(documents.status, '')",
        ) }} as not_counted_reason,
        documents.ordered_at,
        documents.date_day,
        cast(hour({{ instant_to_local('documents.ordered_at', 'documents.time_zone') }}) as integer) as local_hour,
        documents.updated_at,
        {{ unreported('timestamp with time zone') }} as cancelled_at,
        documents.currency_code,
        summed.units,
        summed.line_count,
        summed.gross_amount,
        summed.discount_amount,
        summed.tax_amount,
        summed.included_tax_amount,
        summed.net_amount,
        summed.shipping_amount,
        summed.total_amount,
        coalesce(documents.document_refunded_amount, 0) as refunded_amount_to_date,
        {%- for amount in ['shipping_tax', 'gift_card', 'tip', 'duty', 'fee'] %}
        cast(0 as decimal(24, 6)) as {{ amount }}_amount,
        {%- endfor %}
        documents._sync_id,
        documents._chunk_id,
        documents._synced_at,
        {{ unreported('bigint') }} as platform_order_number,
        documents.ordered_at as created_at
    from file_documents as documents
    inner join summed
        on documents.connection_id = summed.connection_id and documents.order_id = summed.order_id
),

unioned as (
    select * from shopify
    union all
    select * from shopify_edits
    union all
    select * from files
),

keyed as (
    select
        {{ surrogate_key(['organization_id', 'platform', 'account_id', 'document_id']) }} as order_key,
        {{ surrogate_key(['organization_id', 'platform', 'account_id', 'customer_id']) }} as customer_key,
        customer_id <> '' as has_customer,
        not_counted_reason is null as is_counted,
        {{ channel_words('utm_source', 'visit_source', 'utm_medium', 'source_name', 'stated_channel', 'click_id_type') }} as channel_words,
        {{ campaign_words() }} as campaign_words,
        try_cast(
            total_amount - net_amount - tax_amount - shipping_amount - gift_card_amount - tip_amount - duty_amount
            - fee_amount as decimal(24, 6)
        ) as unexplained_amount,
        unioned.*
    from unioned
)

select * from keyed
