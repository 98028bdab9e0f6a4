-- Every counted order has credits of exactly 1 in every model, and shares that add up to its revenue in both currencies.

with

orders as (
    select
        order_key,
        net_amount,
        net_amount_reporting
    from {{ ref('fact_orders') }}
    where is_counted
),

models as (
    {%- for model in attribution_weights() %}
    select '{{ model }}' as model
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

credited as (
    select
        order_key,
        model,
        sum(credit) as credit,
        {{ whole_sum('credited_revenue') }} as revenue,
        {{ whole_sum('credited_revenue_reporting') }} as revenue_reporting
    from {{ ref('mart_attribution') }}
    group by order_key, model
),

compared as (
    select
        coalesce(wanted.order_key, credited.order_key) as order_key,
        coalesce(wanted.model, credited.model) as model,
        wanted.net_amount,
        wanted.net_amount_reporting,
        credited.credit,
        credited.revenue,
        credited.revenue_reporting
    from (select * from orders cross join models) as wanted
    full outer join credited on wanted.order_key = credited.order_key and wanted.model = credited.model
)

select *
from compared
where
    credit is distinct from 1
    or revenue is distinct from net_amount
    or revenue_reporting is distinct from net_amount_reporting
