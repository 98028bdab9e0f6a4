{{ config(materialized='dirty_keys', key=['connection_id', 'order_id'], order_by=['organization_id', 'date_day', 'connection_id', 'order_id', 'line_id']) }}

-- What a file states of a whole order (its total, discount, tax, shipping) goes to its lines, so that they add
-- up to it exactly. It is stated once or repeated on each line; it holds what the lines state by themselves.

{% set wholes = ['total', 'discount', 'tax', 'shipping'] %}
{% set whole = ['connection_id', 'order_id', 'is_return', 'is_deleted'] %}

with

dirty_keys as (
    {% call dirty_keys() %}
    select connection_id, order_id, fingerprint
    from {{ state_of('stg_files__orders') }}
    {% endcall %}
),

lines as (
    select
        lines.*,
        row_number() over (
            partition by lines.connection_id, lines.order_id, lines.document_type = 'return', lines.is_deleted
            order by lines.source_row, lines.line_id
        ) as position,
        lines.document_type = 'return' as is_return,
        -- Of an order that has both, the order's amounts are those of the sale.
        lines.document_type <> 'return'
        or count(case when lines.document_type <> 'return' then 1 end) over (
            partition by lines.connection_id, lines.order_id
        ) = 0 as has_wholes
    from {{ ref('stg_files__orders') }} as lines
    inner join dirty_keys
        on lines.connection_id = dirty_keys.connection_id and lines.order_id = dirty_keys.order_id
),

-- Where a file writes 0 on all lines but one, the one is meant. A price that is not stated follows from the
-- line's total.
stated as (
    select
        *,
        {%- for name in wholes %}
        case
            when has_wholes and abs(min(order_{{ name }}_amount) over one_order) > max(order_{{ name }}_amount) over one_order
                then min(order_{{ name }}_amount) over one_order
            when has_wholes then max(order_{{ name }}_amount) over one_order
        end as whole_{{ name }},
        {%- endfor %}
        coalesce(
            try_cast(unit_price * quantity as decimal(24, 6)),
            stated_amount + coalesce(discount_amount, 0) - coalesce(shipping_amount, 0)
            - case when is_tax_included then 0 else coalesce(tax_amount, 0) end
        ) as own_list_amount
    from lines
    window one_order as (partition by {{ whole | join(', ') }})
),

unplaced as (
    select
        *,
        {%- for name in ['discount', 'tax', 'shipping'] %}
        try_cast(coalesce(
            whole_{{ name }} - sum(coalesce({{ name }}_amount, 0)) over one_order, 0
        ) as decimal(24, 6)) as unplaced_{{ name }},
        {%- endfor %}
        -- An order of which no line has a price is worth what its total says.
        try_cast(case
            when whole_total is not null and count(own_list_amount) over one_order = 0
                then
                    whole_total
                    + coalesce(whole_discount, sum(coalesce(discount_amount, 0)) over one_order)
                    - coalesce(whole_shipping, sum(coalesce(shipping_amount, 0)) over one_order)
                    - case
                        when is_tax_included then 0
                        else coalesce(whole_tax, sum(coalesce(tax_amount, 0)) over one_order)
                    end
            else 0
        end as decimal(24, 6)) as unplaced_list,
        try_cast(coalesce(own_list_amount - coalesce(discount_amount, 0), quantity, 1) as decimal(24, 6)) as line_weight
    from stated
    window one_order as (partition by {{ whole | join(', ') }})
),

{{ split_amounts(
    'unplaced', ['unplaced_list', 'unplaced_discount', 'unplaced_tax'], weight='line_weight',
    whole=whole, position='position',
) }}

placed as (
    select
        *,
        try_cast(coalesce(own_list_amount, 0) + unplaced_list_share as decimal(24, 6)) as list_amount,
        try_cast(coalesce(discount_amount, 0) + unplaced_discount_share as decimal(24, 6)) as placed_discount,
        try_cast(coalesce(tax_amount, 0) + unplaced_tax_share as decimal(24, 6)) as placed_tax,
        -- Shipping is of no line: it stands on the first, and in no line's revenue.
        try_cast(
            coalesce(shipping_amount, 0) + case when position = 1 then unplaced_shipping else 0 end
            as decimal(24, 6)
        ) as placed_shipping
    from unplaced_split
),

computed as (
    select
        *,
        try_cast(
            list_amount - placed_discount + placed_shipping + case when is_tax_included then 0 else placed_tax end
            as decimal(24, 6)
        ) as computed_amount
    from placed
),

-- The total that is stated, and on the first line the difference to what the lines say.
totalled as (
    select
        *,
        try_cast(case
            when whole_total is not null
                then
                    computed_amount + case when position = 1 then whole_total - sum(computed_amount) over one_order else 0 end
            when whole_discount is not null or whole_tax is not null or whole_shipping is not null then computed_amount
            else stated_amount
        end as decimal(24, 6)) as line_amount
    from computed
    window one_order as (partition by {{ whole | join(', ') }})
),

-- Some files write what came back as positive numbers: a return is negative here.
signed as (
    select
        *,
        case
            when
                is_return
                and sum(coalesce(try_cast(unit_price * quantity as decimal(24, 6)), line_amount, 0)) over one_order >= 0
                and sum(coalesce(quantity, 0)) over one_order >= 0
                then -1
            else 1
        end as sign
    from totalled
    where not is_deleted
    window one_order as (partition by connection_id, order_id, document_type)
),

renamed as (
    select
        -- ids
        organization_id,
        connection_id,
        platform,
        account_id,
        order_id,
        order_id as document_id,
        line_id,
        case when is_return then order_id end as refund_id,
        coalesce(product_id, '') as product_id,
        '' as variant_id,
        sku,
        stated_customer_id,
        email_token,

        -- strings
        document_type as line_type,
        'product' as item_type,
        product_name,
        status,
        country,
        stated_channel,
        utm_source,
        utm_medium,
        utm_campaign,
        currency_code,
        time_zone,

        -- numbers
        source_row,
        try_cast(sign * coalesce(quantity, 0) as decimal(24, 6)) as quantity,

        -- money, in the file's currency
        try_cast(sign * list_amount as decimal(24, 6)) as gross_amount,
        try_cast(sign * coalesce(placed_discount, 0) as decimal(24, 6)) as discount_amount,
        try_cast(sign * coalesce(placed_tax, 0) as decimal(24, 6)) as tax_amount,
        try_cast(sign * coalesce(placed_shipping, 0) as decimal(24, 6)) as shipping_amount,
        try_cast(sign * coalesce(line_amount, computed_amount) as decimal(24, 6)) as line_amount,
        try_cast(unit_cost as decimal(24, 6)) as stated_unit_cost,
        refunded_amount,

        -- booleans
        is_tax_included,

        -- times
        date_day,
        ordered_at,
        paid_at,
        refunded_at,
        updated_at,

        -- lineage
        _sync_id,
        _chunk_id,
        _synced_at
    from signed
)

select * from renamed
