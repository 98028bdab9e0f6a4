{{ config(materialized='dirty_keys', key=['connection_id', 'record_id'], order_by=['organization_id', 'connection_id', 'record_id']) }}

-- Events that platforms have signalled. What they are about is pulled.

with

dirty_keys as (
    {% call dirty_keys() %}
    {{ newest_record_fingerprints('webhooks', 'deliveries', 'record_id') }}
    {% endcall %}
),

source as (
    {{ newest_rows('webhooks', 'deliveries', 'record_id', values=['topic', 'object_id', 'happened_at']) }}
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

        -- strings
        sender,
        topic,

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
