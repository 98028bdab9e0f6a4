with

source as (
    select * from {{ source('registry', 'organizations') }}
),

renamed as (
    select
        -- ids
        organization_id,

        -- strings
        name as organization_name,
        plan,
        coalesce(nullif(reporting_currency, ''), 'USD') as reporting_currency,
        coalesce(nullif(time_zone, ''), 'UTC') as time_zone,
        status,

        -- numbers
        coalesce(fiscal_year_start_month, 1) as fiscal_year_start_month,

        -- times
        created_at
    from source
)

select * from renamed
