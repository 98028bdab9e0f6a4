{{ config(key=['organization_id', 'date_year'], order_by=['organization_id', 'date_year', 'channel', 'metric']) }}

{{ period_aggregates('year') }}
