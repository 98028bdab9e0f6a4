{#-
Tables of orders that people keep themselves, as files or as a spreadsheet: a row is a line of an order, and says of the order as a
whole what it has to. `stg_<platform>__orders` has the newest rows of each order; the macros make documents, lines and refunds of
them, alike for every platform.
-#}


{#- Lines of orders: what is stated of a whole order (its total, discount, tax, shipping) goes to its lines, so that they add up to it
    exactly. It is stated once or repeated on each line; it holds what the lines state by themselves. -#}
{% macro written_order_lines(platform) -%}
{% set wholes = ['total', 'discount', 'tax', 'shipping'] %}
{% set whole = ['connection_id', 'order_id', 'is_return', 'is_deleted'] %}

with

dirty_keys as (
    {% call dirty_keys() %}
    select connection_id, order_id, fingerprint
    from {{ state_of('stg_' ~ platform ~ '__orders') }}
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
    from {{ ref('stg_' ~ platform ~ '__orders') }} as lines
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
        employee_id,

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
{%- endmacro %}


{#- Sales and adjustments; a return is none. What the lines of a document say of it as a whole is taken from its first line. -#}
{% macro written_order_documents(platform) -%}
with

dirty_keys as (
    {% call dirty_keys() %}
    select connection_id, order_id, fingerprint from {{ state_of('stg_' ~ platform ~ '__order_lines') }}
    {% endcall %}
),

lines as (
    select lines.*
    from {{ ref('stg_' ~ platform ~ '__order_lines') }} as lines
    inner join dirty_keys
        on lines.connection_id = dirty_keys.connection_id and lines.order_id = dirty_keys.order_id
    where lines.line_type <> 'return'
),

summed as (
    select
        connection_id,
        order_id,
        -- A write-off is one when all of its lines are.
        min(nullif(line_type, 'write_off')) as other_type,
        min(paid_at) as paid_at,
        try_cast(abs(sum(refunded_amount)) as decimal(24, 6)) as refunded_amount,
        {{ whole_sum('shipping_amount') }} as shipping_amount,
        {{ exact_sum('line_amount') }} as total_amount
    from lines
    group by connection_id, order_id
),

first_lines as (
    select
        *,
        coalesce(status, '') in ('cancelled', 'canceled') as is_cancelled
    from lines
    qualify row_number() over (
        partition by connection_id, order_id
        order by source_row, line_id
    ) = 1
),

documents as (
    select
        -- ids
        lines.organization_id,
        lines.connection_id,
        lines.platform,
        lines.account_id,
        lines.order_id,
        lines.order_id as document_id,
        coalesce(lines.stated_customer_id, lines.email_token) as customer_id,
        lines.email_token,

        -- strings
        lines.order_id as order_name,
        case when lines.line_type = 'write_off' then coalesce(summed.other_type, 'write_off') else lines.line_type end as order_type,
        lines.status as financial_status,
        lines.country,
        lines.stated_channel,
        lines.utm_source,
        lines.utm_medium,
        lines.utm_campaign,
        lines.currency_code,

        -- booleans
        summed.paid_at is not null as is_paid,
        lines.is_cancelled,

        -- money, in the file's currency
        summed.shipping_amount,
        summed.total_amount,
        summed.refunded_amount as refunded_amount_to_date,

        -- times
        lines.ordered_at,
        lines.date_day,
        cast(hour({{ instant_to_local('lines.ordered_at', 'lines.time_zone') }}) as integer) as local_hour,
        lines.updated_at,
        lines.ordered_at as created_at,

        -- lineage
        lines._sync_id,
        lines._chunk_id,
        lines._synced_at
    from first_lines as lines
    inner join summed
        on lines.connection_id = summed.connection_id and lines.order_id = summed.order_id
)

select * from documents
{%- endmacro %}


{#- Returns, which are documents of their own, and what a sale's own rows say was given back. Which order a return gives back is
    known only when it has that order's number. -#}
{% macro written_refunds(platform) -%}
with

dirty_keys as (
    {% call dirty_keys() %}
    select connection_id, order_id, fingerprint from {{ state_of('stg_' ~ platform ~ '__order_lines') }}
    {% endcall %}
),

lines as (
    select
        lines.*,
        lines.line_type = 'return' as is_document
    from {{ ref('stg_' ~ platform ~ '__order_lines') }} as lines
    inner join dirty_keys
        on lines.connection_id = dirty_keys.connection_id and lines.order_id = dirty_keys.order_id
),

summed as (
    select
        connection_id,
        order_id,
        is_document,
        try_cast(abs(sum(refunded_amount)) as decimal(24, 6)) as refunded_amount,
        min(case when refunded_amount <> 0 then coalesce(refunded_at, updated_at) end) as refunded_at,
        -{{ exact_sum('line_amount') }} as returned_amount,
        {{ whole_sum('gross_amount - discount_amount - case when is_tax_included then tax_amount else 0 end') }} as goods_amount
    from lines
    group by connection_id, order_id, is_document
),

first_lines as (
    select *
    from lines
    qualify row_number() over (
        partition by connection_id, order_id, is_document
        order by source_row, line_id
    ) = 1
),

stated as (
    select
        lines.* exclude (refunded_amount, refunded_at),
        case when lines.is_document then summed.returned_amount else summed.refunded_amount end as refunded_amount,
        -- Never more than the goods are worth: the rest is tax or shipping.
        case when not lines.is_document then least(summed.refunded_amount, greatest(summed.goods_amount, 0)) end as net_amount,
        case when lines.is_document then lines.ordered_at else coalesce(summed.refunded_at, lines.ordered_at) end as refunded_at
    from first_lines as lines
    inner join summed
        on
            lines.connection_id = summed.connection_id
            and lines.order_id = summed.order_id
            and lines.is_document = summed.is_document
    where lines.is_document or summed.refunded_amount <> 0
),

renamed as (
    select
        -- ids
        organization_id,
        connection_id,
        platform,
        account_id,
        order_id,
        case when is_document then order_id else concat(order_id, '/refund') end as refund_id,
        coalesce(stated_customer_id, email_token) as customer_id,

        -- strings
        'refund' as refund_type,
        country,
        stated_channel,
        utm_source,
        utm_medium,
        utm_campaign,
        currency_code,

        -- booleans
        is_document,

        -- money, in the file's currency
        refunded_amount,
        net_amount,
        {%- for amount in ['adjustment', 'shipping', 'shipping_tax'] %}
        cast(0 as decimal(24, 6)) as {{ amount }}_amount,
        {%- endfor %}

        -- times
        refunded_at,
        cast({{ instant_to_local('refunded_at', 'time_zone') }} as date) as date_day,
        cast(hour({{ instant_to_local('refunded_at', 'time_zone') }}) as integer) as local_hour,

        -- lineage
        _sync_id,
        _chunk_id,
        _synced_at
    from stated
)

select * from renamed
{%- endmacro %}


{#- The key of an employee. Files of one organization are of one staff, for orders and employees come in different ones; elsewhere
    each account has its own. -#}
{% macro employee_key(rows, id='employee_id') -%}
    {{ surrogate_key([
        rows ~ '.organization_id', rows ~ '.platform',
        "case when " ~ rows ~ ".platform = 'files' then '' else " ~ rows ~ ".account_id end", rows ~ '.' ~ id,
    ]) }}
{%- endmacro %}
