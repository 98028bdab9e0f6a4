{{ config(
    materialized='dirty_keys',
    key=['connection_id', 'date_day'],
    order_by=['organization_id', 'date_day', 'connection_id', 'order_id'],
    own_days=true,
) }}

with

dirty_keys as (
    {% call dirty_keys() %}
    {{ winning_day_fingerprints('woocommerce', 'order_states') }}
    {% endcall %}
),

source as (
    {{ winning_rows('woocommerce', 'order_states', ['order_id'], values=['status', 'updated_at']) }}
),

renamed as (
    select
        {{ of_account() }},
        source.order_id,
        source.status as platform_status,
        source.date as date_day,
        source.updated_at,
        {{ of_sync() }}
    from source
    inner join dirty_keys
        on source._connection_id = dirty_keys.connection_id and source.date = dirty_keys.date_day
)

select * from renamed
