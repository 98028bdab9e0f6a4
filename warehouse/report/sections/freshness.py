"""How fresh the data of each connection is."""

from __future__ import annotations

from warehouse.report.formats import count, day, instant, state, text
from warehouse.report.section import Column, Section

_SQL = """
select
    coalesce(platforms.platform_name, connections.platform) as platform_name,
    coalesce(connections.account_name, connections.account_id) as account,
    connections.freshness,
    connections.last_success_at,
    connections.last_covered_day,
    connections.lag_hours,
    connections.allowed_lag_hours,
    connections.syncs_7d,
    connections.failures_7d,
    connections.last_error_message,
    connections.account_id
from mart_data_freshness as connections
left join dim_platforms as platforms on connections.platform = platforms.platform
where connections.organization_id = $organization
order by connections.freshness = 'fresh', platform_name, account, connections.account_id
"""

SECTION = Section(
    slug="freshness",
    title="Freshness",
    question="How old is the data of each connection?",
    tables=("mart_data_freshness", "dim_platforms"),
    sql=_SQL,
    columns=(
        Column("platform_name", "Platform", text),
        Column("account", "Account", text),
        Column("freshness", "State", state),
        Column("last_success_at", "Last success", instant),
        Column("last_covered_day", "Data until", day),
        Column("lag_hours", "Hours ago", count),
        Column("allowed_lag_hours", "Hours allowed", count),
        Column("syncs_7d", "Syncs in 7 days", count),
        Column("failures_7d", "Failures in 7 days", count),
        Column("last_error_message", "Last error", text),
        Column("account_id", "Account id", text),
    ),
    empty="No connection yet: tributary connections add.",
)
