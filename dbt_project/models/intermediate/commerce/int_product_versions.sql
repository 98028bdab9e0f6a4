{{ config(
    materialized='dirty_keys',
    key=['organization_id', 'connection_id'],
    order_by=['organization_id', 'connection_id', 'product_key', 'valid_from'],
) }}

with

dirty_keys as (
    {% call dirty_keys() %}
    select
        lists.organization_id,
        state.connection_id,
        {{ set_fingerprint(['state.sync_id', 'state.fingerprint']) }} as fingerprint
    from {{ state_of('int_product_list_changes') }} as state
    inner join (select distinct organization_id, connection_id, sync_id from {{ ref('int_product_list_changes') }}) as lists
        on state.connection_id = lists.connection_id and state.sync_id = lists.sync_id
    group by lists.organization_id, state.connection_id
    {% endcall %}
),

{{ list_versions('int_product_changes', ['product_id', 'variant_id']) }}

keyed as (
    select
        {{ surrogate_key(['organization_id', 'platform', 'account_id', 'product_id', 'variant_id']) }} as product_key,
        organization_id,
        platform,
        connection_id,
        account_id,
        product_id,
        variant_id,
        product_name,
        variant_name,
        sku,
        category,
        product_type,
        vendor,
        coalesce(is_active, true) and not is_deleted as is_active,
        currency_code,
        price,
        compare_at_price,
        unit_cost,
        valid_from,
        valid_to,
        is_current,
        is_backfilled,
        is_deleted,
        sync_id as _sync_id
    from versions
)

select * from keyed
