with

source as (
    {{ listed_rows('tiktok_ads', 'campaigns', ['campaign_id'], values=[
        'name', 'objective_type', 'campaign_type', 'budget', 'budget_mode', 'operation_status',
        'secondary_status', 'create_time', 'modify_time',
    ]) }}
),

renamed as (
    select
        {{ of_account() }},
        campaign_id,
        name as campaign_name,
        objective_type as objective,
        campaign_type,
        {{ tiktok_status('secondary_status') }} as platform_status,
        currency_code,
        -- A budget of 0 is none of its own: the ad groups have theirs.
        case
            when coalesce(budget, 0) = 0 then null
            when budget_mode like '%DAY%' or budget_mode like '%DAILY%' then 'daily'
            when budget_mode = 'BUDGET_MODE_TOTAL' then 'total'
        end as budget_type,
        {{ tiktok_daily_budget() }} as daily_budget,
        {{ tiktok_total_budget() }} as total_budget,
        {{ of_list() }}
    from source
)

select * from renamed
