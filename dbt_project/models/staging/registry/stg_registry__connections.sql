with

source as (
    select * from {{ source('registry', 'connections') }}
),

renamed as (
    select
        -- ids
        connection_id,
        organization_id,
        platform,
        account_id,

        -- strings
        account_name,
        account_currency,
        account_time_zone,
        status,
        sync_frequency,

        -- times
        start_date,
        created_at,
        removed_at
    from source
)

select * from renamed
