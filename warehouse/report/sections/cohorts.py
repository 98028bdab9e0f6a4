"""How many customers come back, by the week of their first purchase."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from warehouse.report.charts import heat, plain_values
from warehouse.report.formats import (
    Currency,
    count,
    day,
    money,
    percent,
    ratio,
    yes_or_no,
)
from warehouse.report.section import Column, Row, Section
from warehouse.report.sections.period import PERIOD, TABLE

_SQL = f"""
with {PERIOD}

select
    cohorts.cohort_start,
    cohorts.period_number as week,
    cohorts.cohort_size,
    cohorts.active_customers,
    cohorts.retention_rate,
    cohorts.revenue_per_customer_to_date,
    cohorts.acquisition_cost_per_customer,
    cohorts.payback_ratio,
    cohorts.is_complete
from mart_cohort_retention as cohorts
join period on cohorts.cohort_start between period.first_day - 6 and period.last_day
where
    cohorts.organization_id = $organization
    and cohorts.cohort_type = 'first_purchase'
    and cohorts.period_type = 'week'
    and cohorts.period_number >= 0
order by cohorts.cohort_start, cohorts.period_number
"""


def _chart(rows: Sequence[Row], _currency: Currency) -> dict[str, Any] | None:
    """The first week is left out: all customers of a cohort are active in it."""
    cells = [row for row in rows if row["week"] > 0 and row["retention_rate"] is not None]
    if not cells:
        return None
    values = [
        {**plain, "cohort": f"{row['cohort_start']:%d %b}"}
        for row, plain in zip(cells, plain_values(cells), strict=True)
    ]
    return heat(
        values,
        ("week", "Weeks since the first purchase"),
        ("cohort", "Week of the first purchase"),
        ("retention_rate", "Customers who bought again"),
        [
            {"field": "cohort_size", "type": "quantitative", "title": "Customers"},
            {"field": "active_customers", "type": "quantitative", "title": "Bought in the week"},
        ],
    )


SECTION = Section(
    slug="cohorts",
    title="Returning customers",
    question="Of the customers of a week, how many buy again in each week after it?",
    tables=("mart_cohort_retention", TABLE),
    sql=_SQL,
    columns=(
        Column("cohort_start", "First purchase in the week from", day),
        Column("week", "Weeks since", count),
        Column("cohort_size", "Customers", count),
        Column("active_customers", "Bought in the week", count),
        Column("retention_rate", "Share", percent),
        Column("revenue_per_customer_to_date", "Revenue per customer to date", money),
        Column("acquisition_cost_per_customer", "Cost per customer", money),
        Column("payback_ratio", "Payback", ratio),
        Column("is_complete", "Week is whole", yes_or_no),
    ),
    empty="No first purchases in these weeks: connect a shop.",
    chart=_chart,
    note="Payback is what the cohort has brought so far over the spend of its first week; from 1 "
    "on it has earned that back. Cells with a dashed edge are weeks that are not whole yet.",
)
