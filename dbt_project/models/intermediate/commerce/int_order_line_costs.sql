-- What the goods of a line cost: its own word for it, or what the product cost on the line's day. What
-- a product cost before it was first listed is not known; then the first known cost counts.

with

lines as (
    select * from {{ ref('int_order_lines_unioned') }}
),

products as (
    select * from {{ ref('int_product_versions') }}
),

costs as (
    select
        lines.connection_id,
        lines.order_id,
        lines.document_id,
        lines.line_type,
        lines.refund_id,
        lines.line_id,
        lines.date_day,
        try_cast(coalesce(lines.stated_unit_cost, products.unit_cost) as decimal(18, 6)) as unit_cost,
        case
            when lines.stated_unit_cost is not null then 'line'
            when products.unit_cost is not null then 'product'
        end as cost_source
    from lines
    left join products
        on
            lines.product_key = products.product_key
            and lines.currency_code = products.currency_code
            and lines.date_day >= products.valid_from
            and lines.date_day < products.valid_to
)

select * from costs
