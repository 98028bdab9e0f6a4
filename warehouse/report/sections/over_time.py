"""Spend and revenue by day, days that are not settled marked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from warehouse.report.charts import DAYS, money_axis, plain_values
from warehouse.report.formats import Currency, count, day, money, ratio, yes_or_no
from warehouse.report.section import Column, Row, Section
from warehouse.report.sections.period import PERIOD, TABLE

_SQL = f"""
with {PERIOD}

select
    days.date_day,
    days.net_revenue_reporting as net_revenue,
    days.spend_reporting as spend,
    days.mer,
    days.orders,
    days.is_settled
from mart_organization_daily_metrics as days
join period on days.date_day between period.first_day and period.last_day
where days.organization_id = $organization
order by days.date_day
"""
_SERIES = {"net_revenue": "Net revenue", "spend": "Spend"}


def unsettled_spans(rows: Sequence[Row]) -> list[dict[str, str]]:
    """Returns runs of days that are not settled, each from the noon before it to its last noon.

    A day's point stands at its midnight, so this is the ground around the points.
    """
    spans: list[tuple[date, date]] = []
    for row in rows:
        if row["is_settled"]:
            continue
        first, after = row["date_day"], row["date_day"] + timedelta(days=1)
        if spans and spans[-1][1] == first:
            spans[-1] = (spans[-1][0], after)
        else:
            spans.append((first, after))
    one = timedelta(days=1)
    return [
        {"start": f"{first - one}T12:00:00Z", "end": f"{after - one}T12:00:00Z"}
        for first, after in spans
    ]


def _chart(rows: Sequence[Row], currency: Currency) -> dict[str, Any] | None:
    colours = {
        "field": "series",
        "type": "nominal",
        "scale": {
            "domain": list(_SERIES.values()),
            "range": ["var(--revenue)", "var(--spend)"],
        },
        "legend": {
            "title": None,
            "orient": "top",
            "symbolType": "stroke",
            "symbolStrokeWidth": 3,
        },
    }
    tooltip = [
        {"field": "date_day", "title": "Day", **DAYS, "format": "%a %d %b %Y"},
        *(
            {"field": name, "type": "quantitative", "title": label, "format": ",.2f"}
            for name, label in (*_SERIES.items(), ("mer", "MER"))
        ),
        {"field": "state", "type": "nominal", "title": "Numbers"},
    ]
    day_axis = {
        "field": "date_day",
        **DAYS,
        "title": None,
        "axis": {"format": "%-d %b", "tickCount": 8},
    }
    values = [
        {**row, "state": "settled" if row["is_settled"] else "may still change"}
        for row in plain_values(rows)
    ]
    labels = {"calculate": f"{_labels()}[datum.name]", "as": "series"}
    lines = {
        "transform": [{"fold": list(_SERIES), "as": ["name", "amount"]}, labels],
        "encoding": {
            "x": day_axis,
            "y": {"field": "amount", "type": "quantitative", "axis": money_axis(currency)},
            "color": colours,
        },
    }
    nearest = {
        "name": "day",
        "select": {
            "type": "point",
            "fields": ["date_day"],
            "nearest": True,
            "on": "pointerover",
            "clear": "pointerout",
        },
    }
    return {
        "height": 260,
        "layer": [
            {
                "data": {"values": unsettled_spans(rows)},
                "mark": {"type": "rect", "color": "var(--unsettled)"},
                "encoding": {
                    "x": {"field": "start", "type": "temporal", "scale": {"type": "utc"}},
                    "x2": {"field": "end"},
                },
            },
            {"data": {"values": values}, "mark": {"type": "line", "strokeWidth": 2}, **lines},
            {
                "data": {"values": [row for row in values if not row["is_settled"]]},
                "mark": {
                    "type": "point",
                    "size": 36,
                    "filled": False,
                    "fill": "var(--surface)",
                    "strokeWidth": 2,
                },
                **lines,
            },
            {
                "data": {"values": values},
                "params": [nearest],
                "mark": {"type": "rule", "color": "var(--muted)"},
                "encoding": {
                    "x": day_axis,
                    "opacity": {
                        "condition": {"param": "day", "empty": False, "value": 0.7},
                        "value": 0,
                    },
                    "tooltip": tooltip,
                },
            },
        ],
    }


def _labels() -> str:
    return "{" + ", ".join(f"'{name}': '{label}'" for name, label in _SERIES.items()) + "}"


SECTION = Section(
    slug="over-time",
    title="Spend and revenue",
    question="What came in and what was spent, day by day?",
    tables=("mart_organization_daily_metrics", TABLE),
    sql=_SQL,
    columns=(
        Column("date_day", "Day", day),
        Column("net_revenue", "Net revenue", money),
        Column("spend", "Spend", money),
        Column("mer", "MER", ratio),
        Column("orders", "Orders", count),
        Column("is_settled", "Settled", yes_or_no),
    ),
    empty="No days yet: connect a shop and an ad platform, then tributary run.",
    chart=_chart,
    note="Days on a shaded ground, with hollow points, may still change: they are not whole, or "
    "advertising platforms still restate them. From which age on they no longer do is learnt from "
    "earlier days (mart_settlement).",
)
