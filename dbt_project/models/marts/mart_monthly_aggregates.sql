{{ config(key=['organization_id', 'date_month'], order_by=['organization_id', 'date_month', 'channel', 'metric']) }}

{{ period_aggregates('month') }}
