{{ config(materialized='dirty_keys', key=['connection_id', 'record_id'], order_by=['organization_id', 'connection_id', 'record_id']) }}

-- Tables of one's own: the columns stay JSON, the newest version of each row counts.

with

dirty_keys as (
    {% call dirty_keys() %}
    {{ newest_record_fingerprints('files', 'records', 'record_id') }}
    {% endcall %}
),

source as (
    {{ newest_rows('files', 'records', 'record_id', values=['source_row', 'data']) }}
),

renamed as (
    select
        -- ids
        _organization_id as organization_id,
        _connection_id as connection_id,
        platform,
        account_id,
        record_id,
        row_key,

        -- strings
        table_name,
        data,

        -- numbers
        source_row,

        -- booleans
        coalesce(is_deleted, false) as is_deleted,

        -- times
        updated_at,

        -- lineage
        _sync_id,
        _chunk_id,
        _synced_at
    from source
)

select * from renamed
