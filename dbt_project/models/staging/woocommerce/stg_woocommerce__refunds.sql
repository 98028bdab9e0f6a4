{{ config(
    materialized='dirty_keys',
    key=['connection_id', 'date_day'],
    order_by=['organization_id', 'date_day', 'connection_id', 'refund_id'],
    own_days=true,
) }}

{{ rows_of_dirty_days('woocommerce', 'refunds', ['refund_id'], values=['order_id', 'amount', 'created_at', 'line_items']) }}

renamed as (
    select
        {{ of_account() }},
        source.refund_id,
        source.order_id,
        source.amount as refunded_amount,
        -- Amounts of a refund are negative, but for its own.
        {%- for name, key in {'shipping_amount': 'total', 'shipping_tax_amount': 'total_tax'}.items() %}
        try_cast(-coalesce({{ json_sum('source.shipping_lines', '[*].' ~ key) }}, 0) as decimal(24, 6)) as {{ name }},
        {%- endfor %}
        try_cast(
            -coalesce({{ json_sum('source.fee_lines', '[*].total') }}, 0)
            - coalesce({{ json_sum('source.fee_lines', '[*].total_tax') }}, 0) as decimal(24, 6)
        ) as fee_amount,
        source.line_items as refund_lines,
        source.created_at as refunded_at,
        source.date as date_day,
        cast(hour({{ instant_to_local('source.created_at', 'source.time_zone') }}) as integer) as local_hour,
        {{ of_sync() }}
    from source
    where source.created_at is not null
)

select * from renamed
