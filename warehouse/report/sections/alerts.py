"""What rules and goals found, newest first."""

from __future__ import annotations

from warehouse.report.formats import any_number, count, day, percent, state, text
from warehouse.report.section import Column, Section

_SQL = """
select
    rule_name,
    state,
    severity,
    scope,
    metric,
    value,
    compared_value,
    change,
    case
        when rule_type like 'change%' then printf('%+.0f %%', 100 * threshold)
        else cast(cast(threshold as double) as varchar)
    end as stated_limit,
    first_day,
    last_day,
    breaching_days,
    acknowledged_by
from mart_alerts
where
    organization_id = $organization
    and (
        state <> 'resolved'
        or last_day >= (
            select last_day - 27
            from mart_kpi_summary
            where organization_id = $organization and period = 'last_28_days'
        )
    )
order by state = 'resolved', state = 'acknowledged', last_day desc, alert_key
limit 50
"""

SECTION = Section(
    slug="alerts",
    title="Alerts",
    question="What broke a rule or puts a goal at risk?",
    tables=("mart_alerts", "mart_kpi_summary"),
    sql=_SQL,
    columns=(
        Column("rule_name", "Rule", text),
        Column("state", "State", state),
        Column("severity", "Severity", text),
        Column("scope", "Where", text),
        Column("metric", "Metric", text),
        Column("value", "Value", any_number),
        Column("compared_value", "Before", any_number),
        Column("change", "Change", percent),
        Column("stated_limit", "Limit", text),
        Column("first_day", "Since", day),
        Column("last_day", "Until", day),
        Column("breaching_days", "Days", count),
        Column("acknowledged_by", "Acknowledged by", text),
    ),
    empty="No rule is broken and no goal is at risk. Rules are the seed alert_rules.",
    note="What is resolved is shown for 28 days. A day that is not settled raises no alert.",
    is_optional=True,
)
