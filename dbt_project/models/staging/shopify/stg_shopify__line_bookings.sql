{{ config(materialized='dirty_keys', key=['connection_id', 'order_id'], order_by=['organization_id', 'date_day', 'connection_id', 'order_id', 'line_id']) }}

-- What happened to the lines of orders, each on its own day. Days are those of the shop's ledger, where there is
-- one; amounts are the line's own. What an edit or an exchange added is an `edit`, what came back or was taken
-- off a `return`. Pieces that are gone without a refund, and of which no ledger has the day, are a `removal`
-- on the day on which they were booked.

{% set models = ['stg_shopify__order_items', 'stg_shopify__order_lines', 'stg_shopify__refund_lines', 'stg_shopify__sales'] %}

{{ rows_of_dirty_orders(models, {
    'stg_shopify__order_items': "staged.item_type <> 'shipping'",
    'stg_shopify__refund_lines': 'staged.date_day is not null',
}) }}

-- What the ledger adds to a line after the order was placed.
added as (
    select
        sales.connection_id,
        sales.order_id,
        sales.line_id,
        sales.sale_id,
        sales.date_day,
        sales.quantity,
        sales.total_amount,
        sales.tax_amount
    from sales
    inner join order_items as items
        on
            sales.connection_id = items.connection_id
            and sales.order_id = items.order_id
            and sales.line_id = items.line_id
    where sales.sale_action in ('ORDER', 'UPDATE') and sales.agreement_reason <> 'ORDER'
),

added_to_lines as (
    select
        connection_id,
        order_id,
        line_id,
        min(date_day) as first_day,
        max(date_day) as last_day,
        try_cast(sum(quantity) as decimal(24, 6)) as quantity,
        try_cast(sum(total_amount) as decimal(24, 6)) as total_amount,
        try_cast(sum(tax_amount) as decimal(24, 6)) as tax_amount
    from added
    group by connection_id, order_id, line_id
),

-- Lines of refunds that the ledger names itself.
named as (
    select distinct
        connection_id,
        order_id,
        line_id,
        refund_id
    from sales
    where line_id is not null and refund_id is not null
),

-- What else came back, by the refunds and by the ledger: the same return, when it is of as many pieces of a line.
refunded as (
    select
        refund_lines.connection_id,
        refund_lines.order_id,
        refund_lines.line_id,
        refund_lines.quantity,
        row_number() over (
            partition by refund_lines.connection_id, refund_lines.order_id, refund_lines.line_id, refund_lines.quantity
            order by refund_lines.date_day, refund_lines.refund_id, refund_lines.refund_line_id
        ) as place
    from refund_lines
    left join named
        on
            refund_lines.connection_id = named.connection_id
            and refund_lines.order_id = named.order_id
            and refund_lines.line_id = named.line_id
            and refund_lines.refund_id = named.refund_id
    where named.connection_id is null
),

taken_back as (
    select
        *,
        row_number() over (
            partition by connection_id, order_id, line_id, quantity
            order by happened_at, agreement_id, sale_id
        ) as place
    from sales
    where sale_action = 'RETURN' and line_id is not null and refund_id is null
),

-- What the ledger takes back and no refund has.
taken_off as (
    select taken_back.*
    from taken_back
    left join refunded
        on
            taken_back.connection_id = refunded.connection_id
            and taken_back.order_id = refunded.order_id
            and taken_back.line_id = refunded.line_id
            and -taken_back.quantity = refunded.quantity
            and taken_back.place = refunded.place
    where refunded.connection_id is null
),

came_back as (
    select
        connection_id,
        order_id,
        line_id,
        try_cast(sum(quantity) as decimal(24, 6)) as quantity
    from (
        select connection_id, order_id, line_id, quantity from refund_lines
        union all
        select connection_id, order_id, line_id, -quantity as quantity from taken_off
    ) as pieces
    group by connection_id, order_id, line_id
),

lines as (
    select
        items.*,
        order_lines.platform,
        order_lines.account_id,
        order_lines.product_id,
        order_lines.variant_id,
        order_lines.sku,
        order_lines.product_name,
        order_lines.currency_code,
        order_lines._sync_id,
        order_lines._chunk_id,
        order_lines._synced_at,
        coalesce(added_to_lines.quantity, 0) as added_quantity,
        coalesce(added_to_lines.total_amount, 0) as added_total,
        coalesce(added_to_lines.tax_amount, 0) as added_tax,
        case
            when added_to_lines.quantity >= items.quantity and added_to_lines.first_day = added_to_lines.last_day
                then added_to_lines.first_day
        end as added_day,
        greatest(coalesce(
            items.quantity - order_lines.current_quantity - coalesce(came_back.quantity, 0), 0
        ), 0) as gone_quantity
    from order_items as items
    inner join order_lines
        on
            items.connection_id = order_lines.connection_id
            and items.order_id = order_lines.order_id
            and items.line_id = order_lines.line_id
    left join added_to_lines
        on
            items.connection_id = added_to_lines.connection_id
            and items.order_id = added_to_lines.order_id
            and items.line_id = added_to_lines.line_id
    left join came_back
        on
            items.connection_id = came_back.connection_id
            and items.order_id = came_back.order_id
            and items.line_id = came_back.line_id
),

-- A line as it was placed, or wholly added on one later day.
booked as (
    select
        *,
        line_id as entry_id,
        case when added_day is null then 'sale' else 'edit' end as line_type,
        added_day is not null as is_edit,
        {{ unreported('varchar') }} as refund_id,
        coalesce(added_day, date_day) as booked_day,
        case when added_day is null then quantity - added_quantity else quantity end as booked_quantity,
        case when added_day is null then tax_amount - added_tax else tax_amount end as booked_tax,
        case when added_day is null then net_amount - (added_total - added_tax) else net_amount end as booked_net
    from lines
    where added_day is not null or added_quantity = 0 or added_quantity < quantity
),

-- What was added to a line, or changed of it, entry by entry.
portions as (
    select
        lines.*,
        concat(lines.line_id, '/', added.sale_id) as entry_id,
        'edit' as line_type,
        true as is_edit,
        {{ unreported('varchar') }} as refund_id,
        added.date_day as booked_day,
        added.quantity as booked_quantity,
        added.tax_amount as booked_tax,
        added.total_amount - added.tax_amount as booked_net
    from lines
    inner join added
        on
            lines.connection_id = added.connection_id
            and lines.order_id = added.order_id
            and lines.line_id = added.line_id
    where lines.added_day is null
),

-- Their share of the line, in whole cents.
removals as (
    select
        lines.*,
        concat(lines.line_id, '/removal') as entry_id,
        'removal' as line_type,
        lines.added_day is not null as is_edit,
        {{ unreported('varchar') }} as refund_id,
        coalesce(lines.added_day, lines.date_day) as booked_day,
        -lines.gone_quantity as booked_quantity,
        -{{ part_of('lines.tax_amount', 'lines.gone_quantity', 'lines.quantity') }} as booked_tax,
        -{{ part_of('lines.net_amount', 'lines.gone_quantity', 'lines.quantity') }} as booked_net
    from lines
    where lines.gone_quantity > 0 and lines.quantity > 0
),

entries as (
    select * from booked
    union all
    select * from portions
    union all
    select * from removals
),

sold as (
    select
        organization_id,
        connection_id,
        platform,
        account_id,
        order_id,
        -- What an edit added is a document beside the order.
        case when is_edit then concat(order_id, '/edit/', cast(booked_day as varchar)) else order_id end as document_id,
        entry_id as line_id,
        refund_id,
        line_type,
        item_type,
        coalesce(product_id, '') as product_id,
        coalesce(variant_id, '') as variant_id,
        sku,
        product_name,
        currency_code,
        booked_day as date_day,
        try_cast(booked_quantity as decimal(24, 6)) as quantity,
        try_cast(
            case when booked_quantity = quantity then list_amount else {{ part_of('list_amount', 'booked_quantity', 'quantity', 6) }} end
            as decimal(24, 6)
        ) as gross_amount,
        try_cast(booked_tax as decimal(24, 6)) as tax_amount,
        try_cast(booked_net as decimal(24, 6)) as net_amount,
        is_tax_included,
        _sync_id,
        _chunk_id,
        _synced_at
    from entries
),

-- A refund's line states what it is worth after discounts, and so does the ledger.
returned as (
    select
        organization_id, connection_id, platform, account_id, order_id, refund_line_id as entry_id, line_id, refund_id,
        currency_code, date_day, -quantity as quantity, -subtotal_amount as amount, -tax_amount as tax_amount, is_tax_included,
        _sync_id, _chunk_id, _synced_at
    from refund_lines
    union all
    select
        organization_id, connection_id, platform, account_id, order_id, sale_id as entry_id, line_id, concat('edit/', agreement_id) as refund_id,
        currency_code, date_day, quantity, total_amount - case when is_tax_included then 0 else tax_amount end as amount,
        tax_amount, is_tax_included, _sync_id, _chunk_id, _synced_at
    from taken_off
),

returns as (
    select
        returned.organization_id,
        returned.connection_id,
        returned.platform,
        returned.account_id,
        returned.order_id,
        returned.order_id as document_id,
        returned.entry_id as line_id,
        returned.refund_id,
        'return' as line_type,
        coalesce(order_lines.item_type, 'product') as item_type,
        coalesce(order_lines.product_id, '') as product_id,
        coalesce(order_lines.variant_id, '') as variant_id,
        order_lines.sku,
        order_lines.product_name,
        returned.currency_code,
        returned.date_day,
        try_cast(returned.quantity as decimal(24, 6)) as quantity,
        try_cast(returned.amount as decimal(24, 6)) as gross_amount,
        try_cast(returned.tax_amount as decimal(24, 6)) as tax_amount,
        try_cast(returned.amount - case when returned.is_tax_included then returned.tax_amount else 0 end as decimal(24, 6)) as net_amount,
        returned.is_tax_included,
        returned._sync_id,
        returned._chunk_id,
        returned._synced_at
    from returned
    left join order_lines
        on
            returned.connection_id = order_lines.connection_id
            and returned.order_id = order_lines.order_id
            and returned.line_id = order_lines.line_id
),

all_entries as (
    select * from sold
    union all
    select * from returns
),

-- What is between gross and net is the discount.
discounted as (
    select
        *,
        try_cast(gross_amount - net_amount - case when is_tax_included then tax_amount else 0 end as decimal(24, 6)) as discount_amount
    from all_entries
)

select * from discounted
