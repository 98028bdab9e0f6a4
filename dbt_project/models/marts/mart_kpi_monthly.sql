{{ config(key=['organization_id', 'date_month']) }}

-- A month depends on itself, on the month before it and on the same month a year before it.

{{ kpi_periods(
    'mart_monthly_aggregates',
    'date_month',
    earlier={'previous_month': add_months('date_month', -1), 'previous_year': add_months('date_month', -12)},
    later={'previous_month': add_months('date_month', 1), 'previous_year': add_months('date_month', 12)},
) }}
