"""How far visitors get."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from warehouse.report.charts import bars_of_one, distinct_labels
from warehouse.report.formats import Currency, count, percent, text
from warehouse.report.section import Column, Row, Section
from warehouse.report.sections.period import PERIOD, TABLE

_SQL = f"""
with {PERIOD}

select
    days.funnel_name as funnel,
    days.step_number,
    days.step_name as step,
    sum(days.visitors) as visitors,
    sum(days.conversions) as went_on,
    sum(days.conversions) / nullif(sum(days.visitors), 0) as rate
from mart_funnel as days
join period on days.date_day between period.first_day and period.last_day
where days.organization_id = $organization
group by days.funnel, days.funnel_name, days.step_number, days.step_name
order by days.funnel, days.step_number
"""


def _chart(rows: Sequence[Row], _currency: Currency) -> dict[str, Any] | None:
    named = [{**row, "label": f"{row['funnel']}: {row['step']}"} for row in rows]
    return bars_of_one(
        distinct_labels(named, "label"),
        ("visitors", "Visitors"),
        [{"field": "rate", "type": "quantitative", "title": "Went on", "format": ".1%"}],
    )


SECTION = Section(
    slug="funnel",
    title="Funnel",
    question="How far do visitors get, and where do they leave?",
    tables=("mart_funnel", TABLE),
    sql=_SQL,
    columns=(
        Column("funnel", "Funnel", text),
        Column("step_number", "Step", count),
        Column("step", "What visitors did", text),
        Column("visitors", "Visitors", count),
        Column("went_on", "Went on", count),
        Column("rate", "Share that went on", percent),
    ),
    empty="No web events in these days. Funnels are counted from what visitors do on the site: "
    "connect the platform “events” (docs/events.md).",
    chart=_chart,
    note="Visitors are counted by day: who comes on two days counts on both.",
    is_half=True,
)
