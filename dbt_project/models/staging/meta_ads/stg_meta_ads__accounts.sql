with

source as (
    {{ listed_rows('meta_ads', 'accounts', ['ad_account_id'], values=[
        'name', 'currency', 'timezone_name', 'timezone_offset_hours_utc', 'account_status',
        'amount_spent',
    ]) }}
),

renamed as (
    select
        -- ids
        _organization_id as organization_id,
        _connection_id as connection_id,
        platform,
        account_id,
        ad_account_id,

        -- strings
        name as account_name,
        currency as account_currency,
        timezone_name as account_time_zone,

        -- numbers
        account_status,
        {{ meta_money('amount_spent', 'currency') }} as amount_spent,

        -- lineage
        is_current_list,
        _sync_id,
        _synced_at
    from source
)

select * from renamed
