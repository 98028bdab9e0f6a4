{{ config(materialized='dirty_keys', key=['connection_id', 'order_id'], order_by=['organization_id', 'date_day', 'connection_id', 'order_id']) }}

-- Sales and adjustments; a return is none. What the lines of a document say of it as a whole is taken from its
-- first line.

with

dirty_keys as (
    {% call dirty_keys() %}
    select connection_id, order_id, fingerprint from {{ state_of('stg_files__order_lines') }}
    {% endcall %}
),

lines as (
    select lines.*
    from {{ ref('stg_files__order_lines') }} as lines
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
