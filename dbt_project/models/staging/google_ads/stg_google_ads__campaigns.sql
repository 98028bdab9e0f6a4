with

source as (
    {{ listed_rows('google_ads', 'campaigns', ['campaign_id'], values=[
        'name', 'status', 'advertising_channel_type', 'start_date_time', 'end_date_time',
        'budget_id', 'budget_amount_micros', 'budget_period', 'advertising_channel_sub_type', 'bidding_strategy_type',
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
        status as platform_status,
        advertising_channel_type as campaign_type,
        advertising_channel_sub_type as campaign_sub_type,
        bidding_strategy_type as bidding_strategy,
        budget_id,
        case budget_period
            when 'DAILY' then 'daily'
            when 'CUSTOM_PERIOD' then 'total'
        end as budget_type,
        currency_code,

        -- numbers
        case when budget_period = 'DAILY' then {{ micros('budget_amount_micros') }} end as daily_budget,
        case when budget_period = 'CUSTOM_PERIOD' then {{ micros('budget_amount_micros') }} end as total_budget,

        -- dates, in the account's zone
        cast(cast(start_date_time as timestamp) as date) as start_date,
        cast(cast(end_date_time as timestamp) as date) as end_date,

        -- lineage
        is_current_list,
        _sync_id,
        _synced_at
    from source
)

select * from renamed
