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

meta_ads as (
    select
        organization_id,
        connection_id,
        platform,
        account_id,
        campaign_id,
        campaign_name,
        objective,
        buying_type as campaign_type,
        -- Meta has no word for a campaign whose end has passed; its own screens call it completed.
        case when effective_status = 'ACTIVE' and end_at <= _synced_at then 'COMPLETED' else effective_status end as platform_status,
        currency_code,
        case
            when daily_budget is not null then 'daily'
            when lifetime_budget is not null then 'total'
        end as budget_type,
        daily_budget,
        lifetime_budget as total_budget,
        start_date,
        end_date,
        {{ unreported('varchar') }} as targeting,
        _sync_id
    from {{ ref('stg_meta_ads__campaigns') }}
),

unioned as (
    select * from google_ads
    union all
    select * from meta_ads
)

select * from unioned
