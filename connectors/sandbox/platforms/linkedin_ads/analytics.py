"""adAnalytics: figures by pivots, by day or over all days; no pages, cut without a word."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from connectors.sandbox.business import Business
from connectors.sandbox.business.catalogue import UNITS_PER_EUR
from connectors.sandbox.business.entities import Account
from connectors.sandbox.platforms.linkedin_ads.entities import KINDS, urn
from connectors.sandbox.platforms.linkedin_ads.errors import bad
from connectors.sandbox.platforms.linkedin_ads.members import LATE, PIVOTS, part_of
from connectors.sandbox.platforms.linkedin_ads.network import NETWORK
from connectors.sandbox.tables.reports import Report, Row
from connectors.sandbox.tables.things import LEVELS
from connectors.sandbox.wire.amounts import money

MOST_ELEMENTS, _MOST_FIELDS, _MOST_REACH_DAYS = 15_000, 20, 92
_OWN_PIVOTS = dict(zip(("ACCOUNT", "CAMPAIGN_GROUP", "CAMPAIGN", "CREATIVE"), LEVELS, strict=True))
_ALWAYS, _OF_PEOPLE = ("dateRange", "pivotValues"), "approximateMemberReach"
Figures = Mapping[str, int]


def _conversions(window: str = "") -> Callable[[Figures], int]:
    return lambda one: one[f"conversions_hundredths{window}"] // 100


def _count(measure: str) -> Callable[[Figures], int]:
    return lambda one: one[measure]


_COUNTS: Mapping[str, Callable[[Figures], int]] = {
    "impressions": _count("impressions"),
    "clicks": _count("clicks"),
    "externalWebsiteConversions": _conversions(),
    "externalWebsitePostClickConversions": _conversions("_post_click"),
    "externalWebsitePostViewConversions": _conversions("_post_view"),
    **{one.name: _count(one.name) for one in NETWORK.derived},
}
_MONEY: Mapping[str, str] = {
    "costInLocalCurrency": "cost_cents",
    "costInUsd": "cost_cents",
    "conversionValueInLocalCurrency": "value_cents",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that makes sense.

    Attributes:
        pivots: By what: levels of the account, or one member pivot.
        daily: Whether by day.
        accounts: The ids of the accounts that it is about.
        fields: What each element has.
    """

    pivots: Sequence[str]
    daily: bool
    first: date
    last: date
    accounts: Sequence[str]
    fields: Sequence[str]


def asked(params: Mapping[str, Any], today: date, retired: frozenset[str]) -> Asked:
    """Reads the parameters of the finders `analytics` (one pivot) and `statistics` (up to three).

    Raises:
        Refusal: One of them cannot be read, or is unknown.
    """
    finder, pivots = params.get("q"), params.get("pivots")
    if finder == "analytics":
        pivots = [_enum(params, "pivot", (*_OWN_PIVOTS, *PIVOTS))]
    elif finder != "statistics" or not isinstance(pivots, list) or not 1 <= len(pivots) <= 3:
        raise bad("pivots" if finder == "statistics" else "q")
    elif not set(pivots) <= _OWN_PIVOTS.keys():
        raise bad("pivots", "FIELD_INVALID")
    grain, span = _enum(params, "timeGranularity", ("DAILY", "ALL")), params.get("dateRange")
    if not isinstance(span, dict) or "start" not in span:
        raise bad("dateRange")
    first, last = _day(span["start"]), _day(span["end"]) if "end" in span else today
    accounts, prefix = params.get("accounts"), urn(KINDS["account"], "")
    if not isinstance(accounts, list) or not all(one.startswith(prefix) for one in accounts):
        raise bad("accounts")
    fields = str(params.get("fields") or "impressions,clicks").split(",")
    if len(fields) > _MOST_FIELDS:
        raise bad("fields", "FIELD_VALUE_TOO_HIGH", f"more than {_MOST_FIELDS} fields")
    known = {*_COUNTS, *_MONEY, *_ALWAYS, _OF_PEOPLE} - retired
    for name in fields:
        if name not in known:
            raise bad("fields", "FIELD_INVALID", f"unknown field {name}")
    ids = [one.removeprefix(prefix) for one in accounts]
    return Asked(pivots, grain == "DAILY", first, last, ids, fields)


def _enum(params: Mapping[str, Any], name: str, known: Sequence[str]) -> str:
    given = params.get(name)
    value = given.get("value") if isinstance(given, dict) else given
    if value not in known:
        raise bad(name, "FIELD_INVALID" if value else "PARAM_INVALID")
    return str(value)


def _day(parts: Any) -> date:
    try:
        return date(*(int(parts[one]) for one in ("year", "month", "day")))
    except (KeyError, TypeError, ValueError) as trouble:
        raise bad("dateRange") from trouble


def elements(
    business: Business, accounts: Sequence[Account], question: Asked, clock: datetime
) -> list[dict[str, Any]]:
    """Returns the elements of a question, as many as the platform shows."""
    found: list[dict[str, Any]] = []
    level = max((_OWN_PIVOTS.get(one, "account") for one in question.pivots), key=LEVELS.index)
    # Figures of members come later than the others.
    known = (clock.astimezone(UTC) - LATE).date() - timedelta(days=1)
    last = min(question.last, known) if question.pivots[0] in PIVOTS else question.last
    for account in accounts:
        report = Report(business, account, level, clock)
        draw = report.daily if question.daily else report.whole
        for row in draw(question.first, last):
            for values, figures in _pivoted(row, question.pivots):
                if _has_data(figures, question):
                    found.append(dict(_fields(row, values, figures, question)))
    return found[:MOST_ELEMENTS]


def _pivoted(row: Row, pivots: Sequence[str]) -> Iterator[tuple[list[str], Figures]]:
    """Yields the values of the pivots and the figures of each element of a row."""
    if pivots[0] in PIVOTS:
        for value, percent in PIVOTS[pivots[0]].items():
            yield [value], {**dict.fromkeys(row.figures, 0), **part_of(row.figures, percent)}
    else:
        levels = [_OWN_PIVOTS[one] for one in pivots]
        yield [urn(KINDS[one], row.subject.above(one).id) for one in levels], row.figures


def _has_data(figures: Figures, question: Asked) -> bool:
    """Says whether an element is there: one of which all that is asked for is nothing is not."""
    counted = [_COUNTS[name](figures) for name in question.fields if name in _COUNTS]
    paid = [figures[_MONEY[name]] for name in question.fields if name in _MONEY]
    return any((*counted, *paid) or figures.values())


def _fields(
    row: Row, values: list[str], figures: Figures, question: Asked
) -> Iterator[tuple[str, Any]]:
    last = row.last if question.daily else question.last
    few_days = (question.last - question.first).days < _MOST_REACH_DAYS
    for name in question.fields:
        if name in _COUNTS:
            yield name, _COUNTS[name](figures)
        elif name == "costInUsd":
            euros = figures["cost_cents"] / 100 / row.subject.account.units_per_eur
            yield name, f"{euros * UNITS_PER_EUR['USD']:.6f}"
        elif name in _MONEY and (
            name != "conversionValueInLocalCurrency" or figures["value_cents"]
        ):
            yield name, _decimal(figures[_MONEY[name]])
        elif name == "pivotValues":
            yield name, values
        elif name == "dateRange":
            yield name, {"start": _written(row.first), "end": _written(last)}
        elif name == _OF_PEOPLE and few_days and question.pivots[0] not in PIVOTS:
            yield name, row.reach


def _decimal(cents: int) -> str:
    """Returns money as the platform writes it: now and then with an exponent or a long tail."""
    if cents == 0:
        return "-2E-18"
    if cents % 7 == 0:
        return f"{cents}E-2"
    plain = money(cents)
    return f"{plain}0000000000000002" if cents % 5 == 0 else plain


def _written(day: date) -> dict[str, int]:
    return {"month": day.month, "year": day.year, "day": day.day}
