{{ config(materialized='dirty_keys', key=['connection_id', 'order_id'], order_by=['organization_id', 'date_day', 'connection_id', 'order_id', 'refund_id']) }}

-- A return is a document of its own; which order it gives back is known only when it has that order's number. What a
-- sale's own rows say was given back is a refund of that sale.

with

dirty_keys as (
    {% call dirty_keys() %}
    select connection_id, order_id, fingerprint from {{ state_of('stg_files__order_lines') }}
    {% endcall %}
),

lines as (
    select
        lines.*,
        lines.line_type = 'return' as is_document
    from {{ ref('stg_files__order_lines') }} as lines
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
        -{{ exact_sum('line_amount') }} as returned_amount
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
        case when not lines.is_document then summed.refunded_amount end as net_amount,
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
