{{ config(materialized='table') }}

-- Whole days only: a period ends with the last day that is over in the organization's own zone. The last
-- days are compared with as many before them and with the same weekdays 364 days earlier; a period to
-- date with the first days of the one before it and of the same one a year earlier.

{% set metrics = kpi_metrics() %}
{% set compared = ['gross_revenue_reporting', 'refunds_reporting', 'net_revenue_reporting', 'spend_reporting', 'orders', 'new_customers', 'units'] %}

with

organizations as (
    select
        organization_id,
        reporting_currency,
        {{ add_days('cast(' ~ instant_to_local(as_of(), 'time_zone') ~ ' as date)', -1) }} as last_day
    from {{ ref('stg_registry__organizations') }}
    -- The owner of shared feeds is no organization.
    where organization_id <> '_shared'
),

periods as (
    {%- for days in [7, 28, 90] %}
    select
        organization_id,
        reporting_currency,
        'last_{{ days }}_days' as period,
        {{ days }} as sort_number,
        {{ add_days('last_day', 1 - days) }} as first_day,
        last_day,
        {{ add_days('last_day', 1 - 2 * days) }} as previous_first_day,
        {{ add_days('last_day', -days) }} as previous_last_day,
        {{ add_days('last_day', 1 - days - 364) }} as year_before_first_day,
        {{ add_days('last_day', -364) }} as year_before_last_day
    from organizations
    union all
    {%- endfor %}
    {%- for period, months in {'month': 1, 'quarter': 3, 'year': 12}.items() %}
    {%- set start = "cast(date_trunc('" ~ period ~ "', last_day) as date)" %}
    select
        organization_id,
        reporting_currency,
        '{{ period }}_to_date' as period,
        {{ 1000 * months }} as sort_number,
        {{ start }} as first_day,
        last_day,
        {{ add_months(start, -months) }} as previous_first_day,
        -- The same number of days, and never days of the period itself.
        least(
            {{ add_days(add_months(start, -months), 'cast(last_day - ' ~ start ~ ' as integer)') }},
            {{ add_days(start, -1) }}
        ) as previous_last_day,
        {{ add_months(start, -12) }} as year_before_first_day,
        {{ add_months('last_day', -12) }} as year_before_last_day
    from organizations
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

days as (
    select * from {{ ref('mart_daily_aggregates') }}
),

{%- for name, first_day, last_day in [
    ('this_period', 'first_day', 'last_day'),
    ('previous', 'previous_first_day', 'previous_last_day'),
    ('year_before', 'year_before_first_day', 'year_before_last_day'),
] %}

{{ name }} as (
    select
        periods.organization_id,
        periods.period,
        count(distinct days.date_day) as days_with_data,
        count(distinct case when days.is_complete then days.date_day end) as complete_days,
        {%- for metric, column in metrics.items() %}
        {{ metric_sum(metric) }} as {{ column }}{{ "," if not loop.last }}
        {%- endfor %}
    from periods
    inner join days
        on
            periods.organization_id = days.organization_id
            and days.date_day between periods.{{ first_day }} and periods.{{ last_day }}
    group by periods.organization_id, periods.period
),
{%- endfor %}

summary as (
    select
        periods.organization_id,
        periods.period,
        periods.sort_number,
        periods.first_day,
        periods.last_day,
        cast(periods.last_day - periods.first_day + 1 as integer) as days_in_period,
        coalesce(this_period.days_with_data, 0) as days_with_data,
        periods.previous_first_day,
        periods.previous_last_day,
        coalesce(previous.days_with_data, 0) as days_with_data_previous,
        periods.year_before_first_day,
        periods.year_before_last_day,
        coalesce(year_before.days_with_data, 0) as days_with_data_year_before,
        periods.reporting_currency,
        {%- for column in metrics.values() %}
        this_period.{{ column }},
        {%- endfor %}
        {%- for name, parts in kpi_ratios().items() %}
        {{ ratio('this_period.' ~ parts[0], 'this_period.' ~ parts[1]) }} as {{ name }},
        {%- endfor %}
        {%- for earlier in ['previous', 'year_before'] %}
        {%- for column in compared %}
        {{ earlier }}.{{ column }} as {{ column }}_{{ earlier }},
        {%- endfor %}
        {%- for name, parts in kpi_ratios().items() if name in ['mer', 'cac_reporting', 'aov_reporting'] %}
        {{ ratio(earlier ~ '.' ~ parts[0], earlier ~ '.' ~ parts[1]) }} as {{ name }}_{{ earlier }},
        {%- endfor %}
        {%- endfor %}
        {{ as_of() }} as as_of,
        coalesce(this_period.complete_days, 0) as complete_days
    from periods
    {%- for name in ['this_period', 'previous', 'year_before'] %}
    left join {{ name }}
        on periods.organization_id = {{ name }}.organization_id and periods.period = {{ name }}.period
    {%- endfor %}
)

select * from summary
