-- All cohorts of a period bring what its days bring, and first purchases are the new customers of the days.

with

days as (
    {%- for period in ['week', 'month'] %}
    select
        organization_id,
        '{{ period }}' as period_type,
        cast(date_trunc('{{ period }}', date_day) as date) as period_start,
        {{ exact_sum('net_revenue_reporting') }} as net_revenue_reporting,
        sum(orders) as orders,
        sum(new_customers) as new_customers,
        count(unconverted_net_revenue) as unconverted
    from {{ ref('mart_organization_daily_metrics') }}
    group by organization_id, cast(date_trunc('{{ period }}', date_day) as date)
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

cohorts as (
    select
        organization_id,
        cohort_type,
        period_type,
        period_start,
        {{ whole_sum('net_revenue_reporting') }} as net_revenue_reporting,
        sum(orders) as orders,
        sum(case when cohort_start = period_start then cohort_size else 0 end) as new_customers
    from {{ ref('mart_cohort_retention') }}
    group by organization_id, cohort_type, period_type, period_start
)

select cohorts.*
from cohorts
left join days
    on
        cohorts.organization_id = days.organization_id
        and cohorts.period_type = days.period_type
        and cohorts.period_start = days.period_start
where
    cohorts.orders is distinct from coalesce(days.orders, 0)
    or (days.unconverted = 0 and cohorts.net_revenue_reporting is distinct from coalesce(days.net_revenue_reporting, 0))
    or (cohorts.cohort_type = 'first_purchase' and cohorts.new_customers is distinct from coalesce(days.new_customers, 0))
