-- One CTE per platform: its words on the left, ours on the right.

with

google_ads as (
    select
        organization_id,
        connection_id,
        platform,
        account_id,
        campaign_id,
        campaign_name,
        {{ unreported('varchar') }} as objective,
        campaign_type,
        platform_status,
        currency_code,
        case budget_period
            when 'DAILY' then 'daily'
            when 'CUSTOM_PERIOD' then 'total'
        end as budget_type,
        case when budget_period = 'DAILY' then budget_amount end as daily_budget,
        case when budget_period = 'CUSTOM_PERIOD' then budget_amount end as total_budget,
        start_date,
        end_date,
        {{ unreported('varchar') }} as targeting,
        _sync_id
    from {{ ref('stg_google_ads__campaigns') }}
),

unioned as (
    select * from google_ads
)

select * from unioned
