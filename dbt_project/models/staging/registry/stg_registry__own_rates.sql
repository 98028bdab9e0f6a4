with

source as (
    select * from {{ source('registry', 'own_rates') }}
),

renamed as (
    select
        -- strings
        currency as currency_code,
        base_currency,
        provider,

        -- numbers
        cast(units_per_base as decimal(20, 8)) as units_per_base,

        -- dates
        valid_from as own_rate_from,
        coalesce(valid_to, cast('9999-12-31' as date)) as own_rate_to
    from source
    where units_per_base > 0
)

select * from renamed
