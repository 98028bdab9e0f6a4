{{ config(
    materialized='dirty_keys',
    key=['connection_id', 'date_day'],
    order_by=['organization_id', 'date_day', 'connection_id', 'order_id'],
    own_days=true,
) }}

{{ rows_of_dirty_days('woocommerce', 'order_states', ['order_id'], values=['status', 'updated_at']) }}

renamed as (
    select
        {{ of_account() }},
        source.order_id,
        source.status as platform_status,
        source.date as date_day,
        source.updated_at,
        {{ of_sync() }}
    from source
)

select * from renamed
