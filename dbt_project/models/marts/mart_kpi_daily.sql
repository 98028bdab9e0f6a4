{{ config(key=['organization_id', 'date_day']) }}

-- A day depends on itself, on the day before it and on the same weekday a year (364 days) before it.

{{ kpi_periods(
    'mart_daily_aggregates',
    'date_day',
    earlier={'previous_day': add_days('date_day', -1), 'previous_year': add_days('date_day', -364)},
    later={'previous_day': add_days('date_day', 1), 'previous_year': add_days('date_day', 364)},
) }}
