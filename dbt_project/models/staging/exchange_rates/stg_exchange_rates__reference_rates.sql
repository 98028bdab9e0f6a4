with

source as (
    {{ winning_rows('exchange_rates', 'reference_rates', ['currency'], values=['rate']) }}
),

renamed as (
    select
        -- ids
        date as rate_date,
        currency as currency_code,

        -- numbers
        cast(rate as decimal(20, 8)) as units_per_euro,

        -- lineage
        _connection_id as connection_id,
        _sync_id,
        _chunk_id,
        _synced_at
    from source
    where rate > 0
)

select * from renamed
