with

source as (
    {{ listed_rows('tiktok_ads', 'ad_groups', ['ad_group_id'], values=[
        'campaign_id', 'name', 'billing_event', 'optimization_goal', 'bid_price', 'budget',
        'budget_mode', 'operation_status', 'secondary_status', 'modify_time',
    ]) }}
),

renamed as (
    select
        {{ of_account() }},
        campaign_id,
        ad_group_id,
        name as ad_group_name,
        optimization_goal as ad_group_type,
        {{ tiktok_status('secondary_status') }} as platform_status,
        currency_code,
        {{ exact('nullif(bid_price, 0)') }} as bid_amount,
        {{ tiktok_daily_budget() }} as daily_budget,
        {{ tiktok_total_budget() }} as total_budget,
        {{ of_list() }}
    from source
)

select * from renamed
