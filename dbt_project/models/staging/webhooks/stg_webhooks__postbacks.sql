{{ config(materialized='dirty_keys', key=['connection_id', 'record_id'], order_by=['organization_id', 'connection_id', 'record_id']) }}

-- Conversions as networks report them: a status that changes is a report of its own.

with

dirty_keys as (
    {% call dirty_keys() %}
    {{ newest_record_fingerprints('webhooks', 'postbacks', 'record_id') }}
    {% endcall %}
),

source as (
    {{ newest_rows('webhooks', 'postbacks', 'record_id', values=['topic', 'object_id', 'happened_at']) }}
),

renamed as (
    select
        -- ids
        _organization_id as organization_id,
        _connection_id as connection_id,
        platform,
        account_id,
        record_id,
        object_id,
        transaction_id,
        conversion_id,
        offer_id,
        partner_id,
        goal_id,
        order_id,

        -- strings
        sender,
        topic,
        status,
        coupon_code,
        upper(currency) as currency_code,
        sub1 as sub_id_1,
        sub2 as sub_id_2,
        sub3 as sub_id_3,
        sub4 as sub_id_4,
        sub5 as sub_id_5,

        -- numbers
        {{ exact('sale_amount') }} as sale_amount,
        {{ exact('payout') }} as payout_amount,

        -- times
        happened_at,
        updated_at as received_at,

        -- lineage
        _sync_id,
        _chunk_id,
        _synced_at
    from source
)

select * from renamed
