"""adAnalytics: figures by one pivot, by day or over all days; no pages, cut without a word."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from connectors.sandbox.business import Business
from connectors.sandbox.business.catalogue import UNITS_PER_EUR
from connectors.sandbox.business.entities import Account
from connectors.sandbox.platforms.linkedin_ads.entities import urn
from connectors.sandbox.platforms.linkedin_ads.errors import bad
from connectors.sandbox.platforms.linkedin_ads.members import LATE, PIVOTS, part_of
from connectors.sandbox.platforms.linkedin_ads.network import NETWORK
from connectors.sandbox.tables.reports import Report, Row
from connectors.sandbox.tables.things import LEVELS, Thing

MOST_ELEMENTS, _MOST_FIELDS, _MOST_REACH_DAYS = 15_000, 20, 92
_KINDS = ("sponsoredAccount", "sponsoredCampaignGroup", "sponsoredCampaign", "sponsoredCreative")
_PIVOTS = dict(zip(("ACCOUNT", "CAMPAIGN_GROUP", "CAMPAIGN", "CREATIVE"), LEVELS, strict=True))
_FACETS = dict(zip(("accounts", "campaignGroups", "campaigns", "creatives"), LEVELS, strict=True))
_GRAINS = ("DAILY", "ALL")
_ALWAYS = ("dateRange", "pivotValues")
Figures = Mapping[str, int]


def _units(one: Figures, measure: str) -> int:
    return one[measure] // 100


_COUNTS: Mapping[str, Callable[[Figures], int]] = {
    "impressions": lambda one: one["impressions"],
    "clicks": lambda one: one["clicks"],
    "externalWebsiteConversions": lambda one: _units(one, "conversions_hundredths"),
    "externalWebsitePostClickConversions": lambda one: _units(
        one, "conversions_hundredths_post_click"
    ),
    "externalWebsitePostViewConversions": lambda one: _units(
        one, "conversions_hundredths_post_view"
    ),
    **{one.name: (lambda name: lambda figures: figures[name])(one.name) for one in NETWORK.derived},
}
_MONEY: Mapping[str, str] = {
    "costInLocalCurrency": "cost_cents",
    "costInUsd": "cost_cents",
    "conversionValueInLocalCurrency": "value_cents",
}
_OF_PEOPLE = "approximateMemberReach"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that makes sense.

    Attributes:
        pivot: By what: a level of the account, or a member pivot.
        daily: Whether by day.
        facets: By level, the URNs that it is about.
        fields: What each element has.
    """

    pivot: str
    daily: bool
    first: date
    last: date
    facets: Mapping[str, Sequence[str]]
    fields: Sequence[str]


def asked(params: Mapping[str, Any], today: date, retired: frozenset[str]) -> Asked:
    """Reads the parameters of the finder `analytics`.

    Raises:
        Refusal: One of them cannot be read, or is unknown.
    """
    if params.get("q") != "analytics":
        raise bad("q", why="only the finder analytics is served here")
    pivot = _enum(params, "pivot", (*_PIVOTS, *PIVOTS))
    grain = _enum(params, "timeGranularity", _GRAINS)
    span = params.get("dateRange")
    if not isinstance(span, dict) or "start" not in span:
        raise bad("dateRange")
    first, last = _day(span["start"]), _day(span["end"]) if "end" in span else today
    facets = {level: params[name] for name, level in _FACETS.items() if name in params}
    wrong = [name for name, level in _FACETS.items() if not _are_urns(facets.get(level, []), level)]
    if wrong or not facets:
        raise bad(wrong[0] if wrong else "facets")
    fields = str(params.get("fields") or "impressions,clicks").split(",")
    if len(fields) > _MOST_FIELDS:
        raise bad("fields", "FIELD_VALUE_TOO_HIGH", f"more than {_MOST_FIELDS} fields")
    for name in fields:
        known = name in _COUNTS or name in _MONEY or name in (*_ALWAYS, _OF_PEOPLE)
        if not known or name in retired:
            raise bad("fields", "FIELD_INVALID", f"unknown field {name}")
    return Asked(pivot, grain == "DAILY", first, last, facets, fields)


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


def _are_urns(values: Any, level: str) -> bool:
    prefix = f"urn:li:{_KINDS[LEVELS.index(level)]}:"
    return isinstance(values, list) and all(str(one).startswith(prefix) for one in values)


def elements(
    business: Business, accounts: Sequence[Account], question: Asked, clock: datetime
) -> list[dict[str, Any]]:
    """Returns the elements of a question; of accounts out of reach there are none."""
    found: list[dict[str, Any]] = []
    for account in accounts:
        level = _PIVOTS.get(question.pivot, "account")
        report = Report(business, account, level, clock, lambda ad: _is_about(ad, question))
        draw = report.daily if question.daily else report.whole
        for row in draw(question.first, _last_known(question, clock)):
            for value, figures in _pivoted(row, question, level):
                if _has_data(figures, question):
                    found.append(_element(row, value, figures, question))
    return found[:MOST_ELEMENTS]


def _last_known(question: Asked, clock: datetime) -> date:
    """Returns the last day that is shown: figures of members come later than the others."""
    whole_day = (clock.astimezone(UTC) - LATE).date() - timedelta(days=1)
    return question.last if question.pivot in _PIVOTS else min(question.last, whole_day)


def _pivoted(row: Row, question: Asked, level: str) -> Iterator[tuple[str, Figures]]:
    """Yields the value of the pivot and the figures of each element of a row."""
    if question.pivot in _PIVOTS:
        yield urn(_KINDS[LEVELS.index(level)], row.subject.id), row.figures
        return
    for value, percent in PIVOTS[question.pivot].items():
        yield value, {**dict.fromkeys(row.figures, 0), **part_of(row.figures, percent)}


def _has_data(figures: Figures, question: Asked) -> bool:
    """Says whether an element is there: one of which all that is asked for is nothing is not."""
    counted = [_COUNTS[name](figures) for name in question.fields if name in _COUNTS]
    paid = [figures[_MONEY[name]] for name in question.fields if name in _MONEY]
    asked_for = [*counted, *paid]
    return any(asked_for if asked_for else (one(figures) for one in _COUNTS.values()))


def _element(row: Row, value: str, figures: Figures, question: Asked) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for name in question.fields:
        if name in _COUNTS:
            shown[name] = _COUNTS[name](figures)
        elif name == "conversionValueInLocalCurrency" and not figures["value_cents"]:
            continue
        elif name == "costInUsd":
            euros = figures["cost_cents"] / 100 / row.subject.account.units_per_eur
            shown[name] = f"{euros * UNITS_PER_EUR['USD']:.6f}"
        elif name in _MONEY:
            shown[name] = _decimal(figures[_MONEY[name]])
        elif name == "pivotValues":
            shown[name] = [value]
        elif name == "dateRange":
            last = row.last if question.daily else question.last
            shown[name] = {"start": _written(row.first), "end": _written(last)}
        elif question.pivot in _PIVOTS and (question.last - question.first).days < _MOST_REACH_DAYS:
            shown[name] = row.reach
    return shown


def _decimal(cents: int) -> str:
    """Returns money as the platform writes it: now and then with an exponent or a long tail."""
    if cents == 0:
        return "-2E-18"
    plain = f"{cents // 100}.{cents % 100:02d}"
    if cents % 7 == 0:
        return f"{cents}E-2"
    return f"{plain}0000000000000002" if cents % 5 == 0 else plain


def _written(day: date) -> dict[str, int]:
    return {"month": day.month, "year": day.year, "day": day.day}


def _is_about(ad: Thing, question: Asked) -> bool:
    return all(
        urn(_KINDS[LEVELS.index(level)], ad.above(level).id) in urns
        for level, urns in question.facets.items()
    )
