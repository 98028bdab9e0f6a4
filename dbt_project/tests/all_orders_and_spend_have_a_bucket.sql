-- The buckets of campaigns, with the unattributed one, hold all orders, revenue and spend of a month. A month with a
-- day whose sum is unknown, since an amount in it is, has no sum to compare.

with

organizations as (
    select
        organization_id,
        cast(date_trunc('month', date_day) as date) as date_month,
        coalesce({{ exact_sum('orders', 'bigint') }}, 0) as orders,
        coalesce({{ exact_sum('gross_revenue_reporting') }}, 0) as gross_revenue_reporting,
        coalesce({{ exact_sum('spend_reporting') }}, 0) as spend_reporting,
        count(case when orders > 0 and gross_revenue_reporting is null then 1 end) as unknown_revenues,
        count(case when platforms > 0 and spend_reporting is null then 1 end) as unknown_spends
    from {{ ref('mart_organization_daily_metrics') }}
    group by organization_id, cast(date_trunc('month', date_day) as date)
),

buckets as (
    select
        organization_id,
        date_month,
        coalesce({{ exact_sum('orders', 'bigint') }}, 0) as orders,
        coalesce({{ exact_sum('gross_revenue_reporting') }}, 0) as gross_revenue_reporting,
        coalesce({{ exact_sum('spend_reporting') }}, 0) as spend_reporting
    from {{ ref('mart_campaign_match') }}
    where campaign_bucket is not null
    group by organization_id, date_month
),

compared as (
    select
        organizations.*,
        buckets.orders as bucket_orders,
        buckets.gross_revenue_reporting as bucket_revenue,
        buckets.spend_reporting as bucket_spend
    from organizations
    full outer join buckets
        on organizations.organization_id = buckets.organization_id and organizations.date_month = buckets.date_month
)

select *
from compared
where
    coalesce(orders, 0) <> coalesce(bucket_orders, 0)
    or (coalesce(unknown_revenues, 0) = 0 and coalesce(gross_revenue_reporting, 0) <> coalesce(bucket_revenue, 0))
    or (coalesce(unknown_spends, 0) = 0 and coalesce(spend_reporting, 0) <> coalesce(bucket_spend, 0))
