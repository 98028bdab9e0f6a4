{{ config(
    key=['organization_id'],
    order_by=['organization_id', 'cohort_type', 'period_type', 'cohort_start', 'period_start'],
) }}

-- What customers who began in the same week or month bought since. Counted orders on the day they were placed, refunds on their own day. What has
-- no cohort (no customer, or one whose beginning is not known) stands without one, so that cohorts add up to all revenue of a period.

{% set cohorts = {'first_purchase': 'first_order_day', 'signup': 'signup_day', 'first_visit': 'first_visit_day'} %}
{% set periods = ['week', 'month'] %}
{% set amounts = ['gross_revenue_reporting', 'refunds_reporting', 'net_revenue_reporting'] %}
{% set cohort_key = ['organization_id', 'cohort_type', 'period_type', 'cohort_start'] %}

{#- When the devices of a person were first seen at a site, by the site's calendar. -#}
{% set first_visits %}
select
    records.organization_id,
    records.person_key,
    min(visits.first_day) as first_visit_day
from (
    select organization_id, platform, account_id, visitor_token, min(date_day) as first_day
    from {{ ref('fact_sessions') }}
    where visitor_token is not null and not is_bot
    group by organization_id, platform, account_id, visitor_token
) as visits
inner join {{ ref('dim_customer_records') }} as records on {{ entity_key(['visitor_token'], 'visits') }} = records.record_key
group by records.organization_id, records.person_key
{% endset %}

with

dirty_keys as (
    {% call dirty_keys() %}
    select
        organization_id,
        {{ set_fingerprint(['source', 'place', 'fingerprint']) }} as fingerprint
    from (
        select organization_id, 'orders' as source, {{ row_text(['connection_id', 'date_day']) }} as place, fingerprint
        from {{ state_of('fact_orders') }}
        union all
        select organization_id, 'refunds' as source, {{ row_text(['connection_id', 'date_day']) }} as place, fingerprint
        from {{ state_of('fact_refunds') }}
        union all
        select organization_id, 'customers' as source, {{ row_text(['connection_id', 'customer_key']) }} as place, fingerprint
        from {{ state_of('dim_customers') }}
        union all
        select organization_id, 'days' as source, {{ row_text(['date_day']) }} as place, fingerprint
        from {{ state_of('mart_organization_daily_metrics') }}
        union all
        select organization_id, 'visits' as source, person_key as place, cast(first_visit_day as varchar) as fingerprint
        from (
            {{ first_visits }}
        ) as first_visits
        union all
        select organization_id, 'zones' as source, connection_id as place, account_time_zone as fingerprint
        from {{ ref('stg_registry__connections') }}
        where organization_id in (select organization_id from {{ ref('dim_customers') }})
    ) as depended_on
    group by organization_id
    {% endcall %}
),

first_visits as (
    {{ first_visits }}
),

customers as (
    select
        customers.organization_id,
        customers.customer_key,
        customers.first_order_day,
        cast({{ instant_to_local('customers.created_at', "coalesce(connections.account_time_zone, 'UTC')") }} as date) as signup_day,
        first_visits.first_visit_day
    from {{ ref('dim_customers') }} as customers
    inner join dirty_keys on customers.organization_id = dirty_keys.organization_id
    left join {{ ref('stg_registry__connections') }} as connections on customers.connection_id = connections.connection_id
    left join first_visits
        on customers.organization_id = first_visits.organization_id and customers.person_key = first_visits.person_key
    where not customers.is_unknown
),

documents as (
    select
        orders.organization_id,
        orders.customer_key,
        orders.date_day,
        case when orders.order_type = 'sale' then 1 else 0 end as orders,
        orders.net_amount_reporting as gross_revenue_reporting,
        cast(0 as decimal(24, 6)) as refunds_reporting,
        orders.net_amount_reporting as net_revenue_reporting
    from {{ ref('fact_orders') }} as orders
    inner join dirty_keys on orders.organization_id = dirty_keys.organization_id
    where orders.is_counted
    union all
    select
        refunds.organization_id,
        refunds.customer_key,
        refunds.date_day,
        0 as orders,
        cast(0 as decimal(24, 6)) as gross_revenue_reporting,
        refunds.net_amount_reporting + refunds.adjustment_amount_reporting as refunds_reporting,
        -refunds.net_amount_reporting - refunds.adjustment_amount_reporting as net_revenue_reporting
    from {{ ref('fact_refunds') }} as refunds
    inner join dirty_keys on refunds.organization_id = dirty_keys.organization_id
    where refunds.is_counted
),

days as (
    select days.*
    from {{ ref('mart_organization_daily_metrics') }} as days
    inner join dirty_keys on days.organization_id = dirty_keys.organization_id
),

known_periods as (
    {%- for period in periods %}
    select
        organization_id,
        '{{ period }}' as period_type,
        cast(date_trunc('{{ period }}', date_day) as date) as period_start,
        max(reporting_currency) as reporting_currency,
        {{ exact_sum('spend_reporting') }} as spend_reporting,
        string_agg(unconverted_spend, ', ' order by date_day) as unconverted_spend,
        sum(case when is_complete then 1 else 0 end) as complete_days
    from days
    group by organization_id, cast(date_trunc('{{ period }}', date_day) as date)
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

first_periods as (
    select
        organization_id,
        period_type,
        min(period_start) as first_start,
        max(reporting_currency) as reporting_currency
    from known_periods
    group by organization_id, period_type
),

members as (
    {%- for cohort_type, day in cohorts.items() %}
    {%- set last = loop.last %}
    {%- for period in periods %}
    select
        organization_id,
        customer_key,
        '{{ cohort_type }}' as cohort_type,
        '{{ period }}' as period_type,
        cast(date_trunc('{{ period }}', {{ day }}) as date) as cohort_start
    from customers
    where {{ day }} is not null
    {{ "union all" if not (last and loop.last) }}
    {%- endfor %}
    {%- endfor %}
),

sizes as (
    select
        {{ cohort_key | join(', ') }},
        count(*) as cohort_size
    from members
    group by {{ cohort_key | join(', ') }}
),

-- Where no site is known of, nobody has a first visit.
placed as (
    {%- for cohort_type, day in cohorts.items() %}
    {%- set last = loop.last %}
    {%- for period in periods %}
    select
        *,
        '{{ cohort_type }}' as cohort_type,
        '{{ period }}' as period_type,
        cast(date_trunc('{{ period }}', date_day) as date) as period_start
    from documents
    where organization_id in (select customers.organization_id from customers where customers.{{ day }} is not null)
    {{ "union all" if not (last and loop.last) }}
    {%- endfor %}
    {%- endfor %}
),

activity as (
    select
        placed.organization_id,
        placed.cohort_type,
        placed.period_type,
        members.cohort_start,
        placed.period_start,
        count(distinct case when placed.orders > 0 then members.customer_key end) as active_customers,
        try_cast(sum(placed.orders) as bigint) as orders,
        {%- for amount in amounts %}
        {{ whole_sum('placed.' ~ amount) }} as {{ amount }}{{ "," if not loop.last }}
        {%- endfor %}
    from placed
    left join members
        on
            placed.organization_id = members.organization_id
            and placed.customer_key = members.customer_key
            and placed.cohort_type = members.cohort_type
            and placed.period_type = members.period_type
    group by placed.organization_id, placed.cohort_type, placed.period_type, members.cohort_start, placed.period_start
),

-- A period in which nobody of a cohort bought is a row too, as far as the organization's days are known.
spine as (
    select
        sizes.organization_id,
        sizes.cohort_type,
        sizes.period_type,
        sizes.cohort_start,
        known_periods.period_start
    from sizes
    inner join known_periods
        on
            sizes.organization_id = known_periods.organization_id
            and sizes.period_type = known_periods.period_type
            and sizes.cohort_start <= known_periods.period_start
    union
    select
        organization_id,
        cohort_type,
        period_type,
        cohort_start,
        period_start
    from activity
),

filled as (
    select
        spine.*,
        first_periods.reporting_currency,
        -- Of a cohort that is older than the first known period, what it bought before is not known.
        spine.cohort_start >= first_periods.first_start as is_known_whole,
        sizes.cohort_size,
        case when spine.cohort_start is not null then coalesce(activity.active_customers, 0) end as active_customers,
        coalesce(activity.orders, 0) as orders,
        {%- for amount in amounts %}
        case when activity.organization_id is null then cast(0 as decimal(24, 6)) else activity.{{ amount }} end as {{ amount }}{{ "," if not loop.last }}
        {%- endfor %}
    from spine
    inner join first_periods
        on spine.organization_id = first_periods.organization_id and spine.period_type = first_periods.period_type
    left join sizes
        on {% for name in cohort_key %}spine.{{ name }} = sizes.{{ name }}{{ " and " if not loop.last }}{% endfor %}
    left join activity
        on
            spine.organization_id = activity.organization_id
            and spine.cohort_type = activity.cohort_type
            and spine.period_type = activity.period_type
            and spine.cohort_start is not distinct from activity.cohort_start
            and spine.period_start = activity.period_start
),

cumulated as (
    select
        *,
        case
            when is_known_whole and count(*) over since_its_start = count(net_revenue_reporting) over since_its_start
                then try_cast(sum(net_revenue_reporting) over since_its_start as decimal(24, 6))
        end as cumulative_net_revenue_reporting
    from filled
    window since_its_start as (
        partition by {{ cohort_key | join(', ') }}
        order by period_start
        rows between unbounded preceding and current row
    )
),

joined as (
    select
        cumulated.organization_id,
        cumulated.cohort_type,
        cumulated.period_type,
        cumulated.cohort_start,
        cumulated.period_start,
        case
            when cumulated.period_type = 'week'
                then cast(round({{ seconds_between('cumulated.cohort_start', 'cumulated.period_start') }} / 604800) as integer)
            else
                cast(
                    12 * (extract(year from cumulated.period_start) - extract(year from cumulated.cohort_start))
                    + extract(month from cumulated.period_start) - extract(month from cumulated.cohort_start) as integer
                )
        end as period_number,
        cumulated.cohort_size,
        cumulated.active_customers,
        cumulated.orders,
        cumulated.reporting_currency,
        {%- for amount in amounts %}
        cumulated.{{ amount }},
        {%- endfor %}
        cumulated.cumulative_net_revenue_reporting,
        {{ ratio('cumulated.active_customers', 'cumulated.cohort_size') }} as retention_rate,
        {{ ratio('cumulated.cumulative_net_revenue_reporting', 'cumulated.cohort_size') }} as revenue_per_customer_to_date,
        case when acquired.unconverted_spend is null then acquired.spend_reporting end as acquisition_spend_reporting,
        {{ if_converted(ratio('acquired.spend_reporting', 'cumulated.cohort_size'), ['acquired.unconverted_spend']) }} as acquisition_cost_per_customer,
        {{ if_converted(ratio('cumulated.cumulative_net_revenue_reporting', 'acquired.spend_reporting'), ['acquired.unconverted_spend']) }} as payback_ratio,
        coalesce(
            lived.complete_days = case
                when cumulated.period_type = 'week' then 7
                else cast(round({{ seconds_between('cumulated.period_start', add_months('cumulated.period_start', 1)) }} / 86400) as integer)
            end,
            false
        ) as is_complete
    from cumulated
    left join known_periods as acquired
        on
            cumulated.organization_id = acquired.organization_id
            and cumulated.period_type = acquired.period_type
            and cumulated.cohort_start = acquired.period_start
    left join known_periods as lived
        on
            cumulated.organization_id = lived.organization_id
            and cumulated.period_type = lived.period_type
            and cumulated.period_start = lived.period_start
)

select * from joined
