with

source as (
    {{ listed_rows('google_ads', 'accounts', ['customer_id'], values=[
        'descriptive_name', 'currency_code', 'time_zone', 'manager', 'status',
    ]) }}
),

renamed as (
    select
        -- ids
        _organization_id as organization_id,
        _connection_id as connection_id,
        platform,
        account_id,
        customer_id,

        -- strings
        descriptive_name as account_name,
        currency_code as account_currency,
        time_zone as account_time_zone,
        status,

        -- booleans
        manager as is_manager,

        -- lineage
        is_current_list,
        _sync_id,
        _synced_at
    from source
)

select * from renamed
