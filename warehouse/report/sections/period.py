"""The days that the report looks at: the last 90 whole ones of the organization."""

from __future__ import annotations

PERIOD = """period as (
    select first_day, last_day
    from mart_kpi_summary
    where organization_id = $organization and period = 'last_90_days'
)"""
TABLE = "mart_kpi_summary"
