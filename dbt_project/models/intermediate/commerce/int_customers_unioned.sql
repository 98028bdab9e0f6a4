-- One CTE per platform: its words on the left, ours on the right. No name, address, e-mail or phone.

with

shopify as (
    select
        organization_id,
        connection_id,
        platform,
        account_id,
        customer_id,
        country_code as country,
        tags,
        {{ unreported('varchar') }} as customer_source,
        case
            when marketing_state = 'SUBSCRIBED' then 'subscribed'
            when marketing_state in ('UNSUBSCRIBED', 'REDACTED') then 'unsubscribed'
            when marketing_state = 'PENDING' then 'pending'
            when marketing_state is not null then 'not_subscribed'
            else 'unknown'
        end as marketing_consent,
        created_at,
        updated_at,
        false as is_deleted,
        _sync_id,
        platform_orders,
        _synced_at
    from {{ ref('stg_shopify__customers') }}
),

files as (
    select
        organization_id,
        connection_id,
        platform,
        account_id,
        customer_id,
        country,
        tags,
        customer_source,
        case
            when is_marketing_accepted then 'subscribed'
            when not is_marketing_accepted then 'not_subscribed'
            else 'unknown'
        end as marketing_consent,
        created_at,
        updated_at,
        is_deleted,
        _sync_id,
        {{ unreported('bigint') }} as platform_orders,
        _synced_at
    from {{ ref('stg_files__customers') }}
),

unioned as (
    select * from shopify
    union all
    select * from files
),

keyed as (
    select
        {{ surrogate_key(['organization_id', 'platform', 'account_id', 'customer_id']) }} as customer_key,
        unioned.*
    from unioned
)

select * from keyed
