"""Charts as Vega-Lite specifications: the house's theme, the shapes that sections share.

Colours are CSS variables of the page. Vega's SVG renderer writes them as they are, so one drawing
serves light, dark and paper.

Text from outside stands in the values of the data and nowhere else in a specification: Vega-Lite
makes expressions of some of the rest (such as a list to sort by), and such text could end them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from warehouse.report.formats import Currency
from warehouse.report.markup import clean
from warehouse.report.section import Row

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
"""Names the language; nothing is fetched from there."""
DAYS: Mapping[str, Any] = {
    "type": "temporal",
    "timeUnit": "utcyearmonthdate",
    "scale": {"type": "utc"},
}
"""A day is a day everywhere: as local time it would be the day before in America."""
HEAT_STEPS = 5
_BAR, _CELL = 34, 26
"""Pixels that a pair of bars and a row of cells are high. Vega-Lite complains of steps beside a
width that follows the page."""
_FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', sans-serif"

_AXIS = {
    "domain": False,
    "ticks": False,
    "labelColor": "var(--muted)",
    "titleColor": "var(--muted)",
    "gridColor": "var(--line)",
    "labelFontSize": 11,
    "titleFontSize": 11,
    "titleFontWeight": "normal",
    "labelPadding": 6,
}
_CONFIG: Mapping[str, Any] = {
    "background": "transparent",
    "font": _FONT,
    "view": {"stroke": None},
    "axis": _AXIS,
    "axisX": {"grid": False, "labelOverlap": "greedy"},
    "axisY": {"labelLimit": 190},
    "legend": {
        "labelColor": "var(--ink)",
        "titleColor": "var(--muted)",
        "titleFontWeight": "normal",
        "labelFontSize": 12,
        "symbolType": "square",
        "symbolStrokeWidth": 0,
        "symbolSize": 90,
        "symbolOpacity": 1,
    },
    "header": {"labelColor": "var(--ink)", "labelFontSize": 12},
    "bar": {"cornerRadiusEnd": 2},
    "text": {"fontSize": 10},
    "aria": True,
}


def themed(chart: Mapping[str, Any], description: str) -> dict[str, Any]:
    """Returns a whole specification that is as wide as its container."""
    return {
        "$schema": SCHEMA,
        "description": description,
        "width": "container",
        "padding": {"left": 0, "right": 2, "top": 2, "bottom": 6},
        "config": _CONFIG,
        **chart,
    }


def plain_values(rows: Sequence[Row]) -> list[Row]:
    """Returns rows as JSON holds them: decimals as doubles, days as text, texts clean."""
    return [{name: _plain(value) for name, value in row.items()} for row in rows]


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value.isoformat() if isinstance(value, date) else value


def distinct_labels(rows: Sequence[Row], name: str) -> list[Row]:
    """Returns plain rows with their `place` and a `label` of their own.

    Bars of one label would lie on each other.
    """
    found: list[Row] = []
    used: set[str] = set()
    for row in plain_values(rows):
        label = wanted = "unknown" if row[name] in (None, "") else str(row[name])
        number = 1
        while label in used:
            number += 1
            label = f"{wanted} ({number})"
        used.add(label)
        found.append({**row, "label": label, "place": len(found)})
    return found


def money_axis(currency: Currency) -> dict[str, Any]:
    """Returns an axis of amounts: `$20k`."""
    # The symbol is one of ours, or the letters of a code: it cannot end the text.
    symbol = "".join(sign for sign in currency.symbol if sign not in "'\\")
    written = "replace(format(abs(datum.value), '~s'), 'G', 'B')"
    sign = "(datum.value < 0 ? '−' : '')"
    return {"title": None, "labelExpr": f"{sign} + '{symbol}' + {written}", "tickCount": 5}


def bars_of_two(
    rows: Sequence[Row], series: Mapping[str, tuple[str, str]], currency: Currency
) -> dict[str, Any]:
    """Returns bars of two amounts for each label, in the order of the rows.

    Args:
        rows: what `distinct_labels` returns.
        series: the two columns, each with what it is called and the variable of its colour.
        currency: of the amounts.
    """
    names = [label for label, _ in series.values()]
    labels = "{" + ", ".join(f"'{name}': '{label}'" for name, (label, _) in series.items()) + "}"
    return {
        "data": {"values": list(rows)},
        "transform": [
            {"fold": list(series), "as": ["name", "amount"]},
            {"filter": "isValid(datum.amount)"},
            {"calculate": f"{labels}[datum.name]", "as": "series"},
        ],
        "height": _BAR * len(rows),
        "mark": "bar",
        "encoding": {
            "y": _labels(),
            "yOffset": {"field": "series", "type": "nominal", "sort": names},
            "x": {
                "field": "amount",
                "type": "quantitative",
                "axis": {**money_axis(currency), "grid": True},
            },
            "color": {
                "field": "series",
                "type": "nominal",
                "scale": {"domain": names, "range": [f"var({it})" for _, it in series.values()]},
                "legend": {"title": None, "orient": "top"},
            },
            "tooltip": [
                {"field": "label", "title": " "},
                {"field": "series", "title": "What"},
                {
                    "field": "amount",
                    "type": "quantitative",
                    "title": f"Amount ({currency.code})",
                    "format": f",.{currency.digits}f",
                },
            ],
        },
    }


def bars_of_one(
    rows: Sequence[Row], number: tuple[str, str], tooltip: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """Returns a bar for each label, in the order of the rows.

    Args:
        rows: what `distinct_labels` returns.
        number: field and title of the numbers.
        tooltip: further fields of the tooltip.
    """
    amount = {"field": number[0], "type": "quantitative", "title": number[1]}
    return {
        "data": {"values": list(rows)},
        "height": _CELL * len(rows),
        "mark": {"type": "bar", "color": "var(--revenue)"},
        "encoding": {
            "y": _labels(),
            "x": {**amount, "axis": {"grid": True}},
            "tooltip": [{"field": "label", "title": " "}, {**amount, "format": ","}, *tooltip],
        },
    }


def _labels() -> dict[str, Any]:
    """Returns an axis of labels in the order of the rows."""
    return {
        "field": "label",
        "type": "nominal",
        "sort": {"field": "place", "op": "min"},
        "scale": {"paddingInner": 0.25},
        "title": None,
    }


def heat(
    values: Sequence[Row],
    across: tuple[str, str],
    down: tuple[str, str],
    share: tuple[str, str],
    tooltip: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    """Returns a heat map of shares in five steps of colour, the share written in each cell.

    Args:
        values: plain rows in order; `is_complete` false gives a cell a dashed edge.
        across: field and title of the columns.
        down: field and title of the rows.
        share: field and title of the shares, none of which is null.
        tooltip: further fields of the tooltip.
    """
    field, title = share
    step = heat_step(max(row[field] for row in values))
    bounds = [round(step * number, 6) for number in range(1, HEAT_STEPS)]
    colours = [f"var(--heat-{number})" for number in range(1, HEAT_STEPS + 1)]
    x = {"field": across[0], "type": "ordinal", "title": across[1], "axis": {"labelAngle": 0}}
    y = {"field": down[0], "type": "ordinal", "title": None, "sort": None}
    return {
        "data": {"values": list(values)},
        "height": _CELL * len({row[down[0]] for row in values}),
        "encoding": {"x": x, "y": y},
        "layer": [
            {
                "mark": {"type": "rect", "stroke": "var(--surface)", "strokeWidth": 1},
                "encoding": {
                    "color": {
                        "field": field,
                        "type": "quantitative",
                        "scale": {"type": "threshold", "domain": bounds, "range": colours},
                        "legend": {
                            "title": title,
                            "format": ".0%",
                            "orient": "top",
                            "type": "symbol",
                        },
                    },
                    "tooltip": [
                        {"field": down[0], "title": down[1]},
                        {"field": across[0], "title": across[1]},
                        {"field": field, "type": "quantitative", "title": title, "format": ".1%"},
                        *tooltip,
                    ],
                },
            },
            {
                "transform": [{"filter": "!datum.is_complete"}],
                "mark": {
                    "type": "rect",
                    "filled": False,
                    "stroke": "var(--muted)",
                    "strokeDash": [3, 2],
                    "tooltip": None,
                },
            },
            {
                "mark": {"type": "text", "aria": False},
                "encoding": {
                    "text": {"field": field, "type": "quantitative", "format": ".0%"},
                    "color": {
                        "condition": {
                            "test": f"datum['{field}'] >= {bounds[-2]}",
                            "value": "var(--on-heat)",
                        },
                        "value": "var(--ink)",
                    },
                },
            },
        ],
    }


def heat_step(largest: float) -> float:
    """Returns the width of a step of colour: a round share, so that the largest is in the last."""
    for step in (0.01, 0.02, 0.03, 0.04, 0.05, 0.1, 0.15):
        if largest <= step * HEAT_STEPS:
            return step
    return 0.2
