"""The budgets of the newest month, those first that will not come to their amount."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from warehouse.report.charts import bars_of_two, distinct_labels
from warehouse.report.formats import Currency, day, money, percent, state, text
from warehouse.report.section import Column, Row, Section

_SQL = """
select
    pacing.campaign_names as campaigns,
    coalesce(platforms.platform_name, pacing.platform) as platform_name,
    pacing.budget_type,
    pacing.pacing_status,
    replace(pacing.pacing_reason, '_', ' ') as reason,
    pacing.budget_reporting as budget,
    pacing.spend_to_date_reporting as spent,
    pacing.expected_spend_reporting as expected,
    pacing.spent_share,
    pacing.period_gone_share,
    pacing.period_start,
    pacing.period_end,
    pacing.through_day
from mart_budget_pacing as pacing
left join dim_platforms as platforms on pacing.platform = platforms.platform
where
    pacing.organization_id = $organization
    and pacing.date_month = (
        select max(date_month) from mart_budget_pacing where organization_id = $organization
    )
order by
    list_position(['over', 'at_risk', 'under', 'on_track'], pacing.pacing_status) nulls last,
    budget desc nulls last,
    pacing.budget_key,
    pacing.budget_type
limit 10
"""


def _chart(rows: Sequence[Row], currency: Currency) -> dict[str, Any] | None:
    labelled = distinct_labels(rows, "campaigns")
    series = {"expected": ("Expected spend", "--spend"), "budget": ("Budget", "--claimed")}
    return bars_of_two(labelled, series, currency)


SECTION = Section(
    slug="pacing",
    title="Budgets",
    question="Which budgets will be spent too fast, or not be spent?",
    tables=("mart_budget_pacing", "dim_platforms"),
    sql=_SQL,
    columns=(
        Column("campaigns", "Campaigns", text),
        Column("platform_name", "Platform", text),
        Column("budget_type", "Budget of", text),
        Column("pacing_status", "State", state),
        Column("reason", "Why", text),
        Column("budget", "Budget", money),
        Column("spent", "Spent", money),
        Column("expected", "Expected", money),
        Column("spent_share", "Spent", percent),
        Column("period_gone_share", "Time gone", percent),
        Column("period_start", "From", day),
        Column("period_end", "To", day),
        Column("through_day", "Known until", day),
    ),
    empty="No campaign has a budget: connect an ad platform.",
    chart=_chart,
    note="Daily budgets are counted over the month, total ones over their whole run. Expected is "
    "what was spent, and the mean of the last days for each day that is left.",
    is_half=True,
    is_optional=True,
)
