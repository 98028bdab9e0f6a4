with

source as (
    {{ listed_rows('meta_ads', 'campaigns', ['campaign_id'], values=[
        'name', 'objective', 'status', 'effective_status', 'configured_status', 'buying_type',
        'daily_budget', 'lifetime_budget', 'start_time', 'stop_time', 'created_time',
        'updated_time',
    ]) }}
),

renamed as (
    select
        -- ids
        _organization_id as organization_id,
        _connection_id as connection_id,
        platform,
        account_id,
        campaign_id,

        -- strings
        name as campaign_name,
        objective,
        buying_type as campaign_type,
        status,
        -- Meta has no word for a campaign whose end has passed; its own screens call it completed.
        case when effective_status = 'ACTIVE' and stop_time <= _synced_at then 'COMPLETED' else effective_status end as platform_status,
        currency_code,

        -- numbers; of a budget that is not in use Meta says zero
        {{ meta_money('nullif(daily_budget, 0)', 'currency_code') }} as daily_budget,
        {{ meta_money('nullif(lifetime_budget, 0)', 'currency_code') }} as total_budget,
        case
            when {{ meta_money('nullif(daily_budget, 0)', 'currency_code') }} is not null then 'daily'
            when {{ meta_money('nullif(lifetime_budget, 0)', 'currency_code') }} is not null then 'total'
        end as budget_type,

        -- times, and days in the account's zone
        start_time as start_at,
        stop_time as end_at,
        created_time as created_at,
        updated_time as updated_at,
        cast({{ instant_to_local('start_time', 'account_time_zone') }} as date) as start_date,
        cast({{ instant_to_local('stop_time', 'account_time_zone') }} as date) as end_date,

        -- lineage
        is_current_list,
        _sync_id,
        _synced_at
    from source
)

select * from renamed
