{{ config(materialized='dirty_keys', key=['connection_id', 'customer_id'], order_by=['organization_id', 'connection_id', 'customer_id']) }}

{{ newest_of_dirty_records('crm_export', 'customers', 'customer_id', values=['source_row', 'country', 'source']) }}

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
        upper(country) as country,
        source as customer_source,

        -- booleans
        coalesce(is_deleted, 1 = 0) as is_deleted,

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
