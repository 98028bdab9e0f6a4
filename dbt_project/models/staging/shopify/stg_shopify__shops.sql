with

source as (
    {{ listed_rows('shopify', 'shops', ['shop_id'], values=[
        'name', 'myshopify_domain', 'currency_code', 'iana_time_zone', 'plan_name',
    ]) }}
),

renamed as (
    select
        -- ids
        _organization_id as organization_id,
        _connection_id as connection_id,
        platform,
        account_id,
        shop_id,

        -- strings
        name as account_name,
        myshopify_domain as shop_domain,
        currency_code as account_currency,
        iana_time_zone as account_time_zone,
        plan_name as plan,

        -- lineage
        is_current_list,
        _sync_id,
        _synced_at
    from source
)

select * from renamed
