"""Key figures of the last 7, 28 and 90 days, beside the period before and a year before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from warehouse.report.formats import (
    Currency,
    Format,
    count,
    day,
    money,
    percent,
    ratio,
    shown,
    text,
)
from warehouse.report.markup import Markup, element, joined
from warehouse.report.section import Column, Row, Section

_SHOWN = {"last_7_days": "7 days", "last_28_days": "28 days", "last_90_days": "90 days"}
_FIRST = "last_28_days"


@dataclass(frozen=True, slots=True)
class _Figure:
    """A key figure.

    Attributes:
        name: its column in `mart_kpi_summary`.
        label: what it is called.
        write: how it is written.
        hint: what it is made of.
        good: 1 where more is better, -1 where less is, 0 where it depends.
        is_compared: the mart has it of earlier periods.
    """

    name: str
    label: str
    write: Format
    hint: str
    good: int = 1
    is_compared: bool = True


_FIGURES = (
    _Figure("net_revenue_reporting", "Net revenue", money, "what the shops confirm, less refunds"),
    _Figure("spend_reporting", "Spend", money, "on all platforms", good=0),
    _Figure("mer", "MER", ratio, "net revenue over all spend"),
    _Figure("orders", "Orders", count, "counted orders of the shops"),
    _Figure("new_customers", "New customers", count, "first orders"),
    _Figure("aov_reporting", "Average order", money, "gross revenue over orders"),
    _Figure("cac_reporting", "Cost per new customer", money, "spend over new customers", good=-1),
    _Figure(
        "shop_conversion_rate",
        "Conversion rate",
        percent,
        "orders over visits, days with both",
        is_compared=False,
    ),
)
_COMPARED = [figure for figure in _FIGURES if figure.is_compared]
_UNCONVERTED = {"unconverted_net_revenue": "net revenue", "unconverted_spend": "spend"}
_EARLIER = {"previous": "before", "year_before": "a year before"}

_SQL = """
select
    period,
    first_day,
    last_day,
    days_in_period,
    days_with_data,
    complete_days,
    days_with_data_previous,
    days_with_data_year_before,
    FIGURES
from mart_kpi_summary
where organization_id = $organization
order by sort_number
""".replace(
    "FIGURES",
    ",\n    ".join(
        [
            *(figure.name for figure in _FIGURES),
            *(f"{figure.name}_{earlier}" for earlier in _EARLIER for figure in _COMPARED),
            *_UNCONVERTED,
        ]
    ),
)


def _cards(rows: Sequence[Row], currency: Currency) -> Markup:
    """Returns a group of cards for each period, and the switch between them."""
    periods = {row["period"]: row for row in rows}
    known = [name for name in _SHOWN if name in periods]
    switch, panels = [], []
    for name in known:
        label = _SHOWN[name]
        switch.append(
            element(
                "input",
                type="radio",
                name="period",
                id=name,
                checked=name == _FIRST or _FIRST not in known,
            )
        )
        switch.append(element("label", label, for_=name))
        panels.append(_panel(periods[name], label, currency))
    return element(
        "fieldset",
        element("legend", "Period", class_="hidden"),
        *switch,
        element("div", *panels, class_="panels"),
        class_="periods",
    )


def _panel(row: Row, label: str, currency: Currency) -> Markup:
    days = f"{day(row['first_day'], currency)} to {day(row['last_day'], currency)}"
    lacking = row["days_in_period"] - row["complete_days"]
    return element(
        "div",
        element("p", f"Last {label}, {days}", class_="span"),
        element("dl", *(_card(figure, row, currency) for figure in _FIGURES), class_="cards"),
        element(
            "p",
            f"{lacking} of these days {'is' if lacking == 1 else 'are'} not whole: not over "
            "everywhere, or not fetched since.",
            class_="note",
        )
        if lacking > 0
        else None,
        *(
            element(
                "p",
                f"Not in {label}, because no exchange rate is known: {row[name]}.",
                class_="note",
            )
            for name, label in _UNCONVERTED.items()
            if row[name]
        ),
        class_=f"panel of-{row['period']}",
    )


def _card(figure: _Figure, row: Row, currency: Currency) -> Markup:
    value = shown(row[figure.name], figure.write, currency)
    parts = [
        element("dt", figure.label, element("small", figure.hint)),
        element("dd", value, class_="value"),
    ]
    if figure.is_compared:
        parts += [
            element("dd", _change(figure, row, earlier, words), class_="change")
            for earlier, words in _EARLIER.items()
        ]
    return element("div", *parts, class_="card")


def _change(figure: _Figure, row: Row, earlier: str, words: str) -> Markup:
    """Returns the change against an earlier period; one that is not known says why."""
    days = row[f"days_with_data_{earlier}"]
    if not days:
        return element("span", f"no data {_when(row, words)}", class_="unknown")
    if days < row["days_with_data"]:
        note = f"{_when(row, words)}: data of {days} days only"
        return element("span", note, class_="unknown")
    change = relative_change(row[figure.name], row[f"{figure.name}_{earlier}"])
    if change is None:
        return element("span", f"unknown {_when(row, words)}", class_="unknown")
    rises = change > 0
    mood = (
        "even" if not change or not figure.good else "good" if rises == (figure.good > 0) else "bad"
    )
    arrow = element("span", "▲" if rises else "▼" if change else "■", aria_hidden="true")
    direction = element("span", "up " if rises else "down " if change else "", class_="hidden")
    size = percent(abs(change), Currency(""))
    return joined(
        element("span", arrow, " ", direction, size, class_=mood), " ", f"on {_when(row, words)}"
    )


def _when(row: Row, words: str) -> str:
    return f"{row['days_in_period']} days before" if words == "before" else words


def relative_change(value: Any, earlier: Any) -> Decimal | None:
    """Returns the change as a share of the earlier value; None without one, or of zero."""
    if value is None or not earlier:
        return None
    return (Decimal(value) - Decimal(earlier)) / abs(Decimal(earlier))


SECTION = Section(
    slug="key-figures",
    title="Key figures",
    question="How is the business doing, compared with the period before and the year before?",
    tables=("mart_kpi_summary",),
    sql=_SQL,
    columns=(
        Column("period", "Period", text),
        Column("first_day", "First day", day),
        Column("last_day", "Last day", day),
        Column("days_in_period", "Days", count),
        Column("days_with_data", "Days with data", count),
        Column("complete_days", "Whole days", count),
        Column("days_with_data_previous", "Days with data before", count),
        Column("days_with_data_year_before", "Days with data a year before", count),
        *(Column(figure.name, figure.label, figure.write) for figure in _FIGURES),
        *(
            Column(f"{figure.name}_{earlier}", f"{figure.label}, {words}", figure.write)
            for earlier, words in _EARLIER.items()
            for figure in _COMPARED
        ),
        *(
            Column(name, f"Not in {label}, for want of an exchange rate", text)
            for name, label in _UNCONVERTED.items()
        ),
    ),
    empty="No figures yet: tributary connections add, then tributary run.",
    above=_cards,
)
