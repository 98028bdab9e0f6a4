with

source as (
    select * from {{ source('registry', 'platforms') }}
),

renamed as (
    select
        -- ids
        platform,

        -- strings
        display_name as platform_name,
        category,
        api_version,

        -- numbers
        requests_per_second,
        lookback_days,

        -- booleans
        is_active,
        shared as is_shared,

        -- dates
        api_sunset as api_sunset_date
    from source
)

select * from renamed
