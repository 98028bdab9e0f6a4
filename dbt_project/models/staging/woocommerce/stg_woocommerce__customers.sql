{{ config(materialized='dirty_keys', key=['connection_id', 'customer_id'], order_by=['organization_id', 'connection_id', 'customer_id']) }}

{{ newest_of_dirty_records('woocommerce', 'customers', 'customer_id', values=['role', 'country_code', 'is_paying']) }}

renamed as (
    select
        {{ of_account() }},
        record_id as customer_id,
        email as email_token,
        role as customer_source,
        nullif(country_code, '') as country,
        'unknown' as marketing_consent,
        created_at,
        updated_at,
        {{ of_sync() }}
    from source
)

select * from renamed
