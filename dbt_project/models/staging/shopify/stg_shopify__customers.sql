{{ config(materialized='dirty_keys', key=['connection_id', 'customer_id'], order_by=['organization_id', 'connection_id', 'customer_id']) }}

with

dirty_keys as (
    {% call dirty_keys() %}
    {{ newest_record_fingerprints('shopify', 'customers', 'customer_id') }}
    {% endcall %}
),

source as (
    {{ newest_rows('shopify', 'customers', 'customer_id', values=[
        'state', 'number_of_orders', 'amount_spent', 'country_code', 'tags', 'marketing_state',
    ]) }}
),

renamed as (
    select
        -- ids
        _organization_id as organization_id,
        _connection_id as connection_id,
        platform,
        account_id,
        record_id as customer_id,

        -- strings; e-mail and phone are keyed hashes since extraction
        email as email_token,
        phone as phone_token,
        state as platform_status,
        country_code as country,
        locale,
        tags,
        case
            when marketing_state = 'SUBSCRIBED' then 'subscribed'
            when marketing_state in ('UNSUBSCRIBED', 'REDACTED') then 'unsubscribed'
            when marketing_state = 'PENDING' then 'pending'
            when marketing_state is not null then 'not_subscribed'
            else 'unknown'
        end as marketing_consent,

        -- numbers
        number_of_orders as platform_orders,
        amount_spent as platform_amount_spent,
        coalesce(amount_spent_currency, account_currency) as currency_code,

        -- times
        created_at,
        updated_at,

        -- lineage
        _sync_id,
        _chunk_id,
        _synced_at
    from source
)

select * from renamed
