{{ config(materialized='dirty_keys', key=['connection_id', 'order_id'], order_by=['organization_id', 'date_day', 'connection_id', 'order_id']) }}

-- The orders of every shop and file. Units, gross, discount and net are those of the document's goods alone: a gift
-- card that is sold is a debt of the shop until it is used, a tip is the staff's, and shipping, duties and fees are no
-- goods; each has its own column, without its tax. A document that is a return is no order. What an edit or an
-- exchange added is a document of its own, of type `edit`, so that no earlier day changes.

with

dirty_keys as (
    {% call dirty_keys() %}
    {{ states_of(['int_order_lines_unioned'] + level_models('orders')) }}
    {% endcall %}
),

unioned as (
    {{ union_of('orders') }}
),

documents as (
    select unioned.*
    from unioned
    inner join dirty_keys
        on unioned.connection_id = dirty_keys.connection_id and unioned.order_id = dirty_keys.order_id
),

summed as (
    select
        lines.connection_id,
        lines.document_id,
        count(*) as line_count,
        {{ whole_sum("case when lines.item_type = 'product' then lines.quantity else 0 end") }} as units,
        {%- for amount in ['gross', 'discount', 'included_tax', 'net'] %}
        {{ whole_sum("case when lines.item_type = 'product' then lines." ~ amount ~ "_amount else 0 end") }} as {{ amount }}_amount,
        {%- endfor %}
        {%- for item_type in ['gift_card', 'tip'] %}
        {{ whole_sum("case when lines.item_type = '" ~ item_type ~ "' then lines.net_amount else 0 end") }} as {{ item_type }}_amount,
        {%- endfor %}
        {{ whole_sum('lines.tax_amount') }} as tax_amount
    from {{ ref('int_order_lines_unioned') }} as lines
    inner join dirty_keys
        on lines.connection_id = dirty_keys.connection_id and lines.order_id = dirty_keys.order_id
    where lines.line_type <> 'return'
    group by lines.connection_id, lines.document_id
),

-- A document without lines is of nothing.
valued as (
    select
        documents.* exclude (
            tax_amount, customer_id, is_test, is_cancelled, shipping_tax_amount, duty_amount, fee_amount, refunded_amount_to_date
        ),
        coalesce(documents.customer_id, '') as customer_id,
        coalesce(documents.is_test, false) as is_test,
        coalesce(documents.is_cancelled, false) as is_cancelled,
        coalesce(summed.line_count, 0) as line_count,
        {%- for measure in ['units', 'gross_amount', 'discount_amount', 'included_tax_amount', 'net_amount', 'gift_card_amount', 'tip_amount'] %}
        case when summed.document_id is null then 0 else summed.{{ measure }} end as {{ measure }},
        {%- endfor %}
        coalesce(documents.tax_amount, coalesce(summed.tax_amount, 0) + coalesce(documents.shipping_tax_amount, 0)) as tax_amount,
        {%- for amount in ['shipping_tax_amount', 'duty_amount', 'fee_amount', 'refunded_amount_to_date'] %}
        coalesce(documents.{{ amount }}, 0) as {{ amount }}{{ "," if not loop.last }}
        {%- endfor %}
    from documents
    left join summed
        on documents.connection_id = summed.connection_id and documents.document_id = summed.document_id
),

judged as (
    select
        *,
        {{ not_counted_reason('is_test', 'order_type', 'is_paid', 'is_cancelled', "coalesce(financial_status, '')") }} as not_counted_reason
    from valued
),

keyed as (
    select
        {{ surrogate_key(['organization_id', 'platform', 'account_id', 'document_id']) }} as order_key,
        {{ surrogate_key(['organization_id', 'platform', 'account_id', 'customer_id']) }} as customer_key,
        customer_id <> '' as has_customer,
        not_counted_reason is null as is_counted,
        {{ channel_words() }} as channel_words,
        {{ campaign_words() }} as campaign_words,
        try_cast(
            total_amount - net_amount - tax_amount - shipping_amount - gift_card_amount - tip_amount - duty_amount
            - fee_amount as decimal(24, 6)
        ) as unexplained_amount,
        judged.*
    from judged
)

select * from keyed
