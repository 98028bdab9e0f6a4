"""The integrated report: one level by day, by hour or over all days; every metric is a text."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from connectors.sandbox.business import Business
from connectors.sandbox.business.calendar import midnight
from connectors.sandbox.business.entities import Account
from connectors.sandbox.platforms.tiktok_ads.entities import LEVELS, is_deleted
from connectors.sandbox.platforms.tiktok_ads.envelope import TIMED_OUT, TikTokError, bad
from connectors.sandbox.platforms.tiktok_ads.network import NETWORK
from connectors.sandbox.platforms.tiktok_ads.parameters import read_days, read_json, required
from connectors.sandbox.tables.reports import Report, Row
from connectors.sandbox.tables.things import Thing
from connectors.sandbox.wire.lifecycle import Call

MOST_IDS = 20_000
"""A report covers the newest of so many ids."""
THROTTLE = (
    "Number of {0} ids is equal or more than 20k, only return the top 20k id's results, please "
    "narrow your filters"
)
_KINDS = {
    "AUCTION_ADVERTISER": "advertiser",
    "AUCTION_CAMPAIGN": "campaign",
    "AUCTION_ADGROUP": "adgroup",
    "AUCTION_AD": "ad",
}
_MOST_DAYS = {"stat_time_hour": 1, "stat_time_day": 30, None: 365}
_REACH_TAKES = timedelta(hours=16)
_OF_PEOPLE = ("reach", "frequency")
_NO_VALUE = "-"
Metric = Callable[[Row], str]


def _money(measure: str) -> Metric:
    return lambda row: f"{row.figures[measure] / 100:.2f}"


def _count(measure: str) -> Metric:
    return lambda row: str(row.figures[measure])


def _conversions(row: Row) -> str:
    return str(row.figures["conversions_hundredths"] // 100)


def _id(level: str) -> Metric:
    return lambda row: row.subject.above(level).id


def _name(level: str) -> Metric:
    return lambda row: row.subject.above(level).name


def _of_people(over: Callable[[Row], float]) -> Metric:
    """Returns a metric about people, which is known hours after the others."""

    def metric(row: Row) -> str:
        day = midnight(row.subject.account.time_zone, row.last + timedelta(days=1))
        if row.subject.clock < day + _REACH_TAKES:
            return _NO_VALUE
        return f"{over(row) / max(row.reach, 1):.2f}"

    return metric


def _reach(row: Row) -> str:
    return str(row.reach) if _of_people(lambda one: one.reach)(row) != _NO_VALUE else _NO_VALUE


_METRICS: Mapping[str, Metric] = {
    "spend": _money("cost_cents"),
    "impressions": _count("impressions"),
    "clicks": _count("clicks"),
    "conversion": _conversions,
    "complete_payment": _conversions,
    "total_complete_payment_rate": _money("value_cents"),
    "reach": _reach,
    "frequency": _of_people(lambda row: row.figures["impressions"]),
    "secondary_goal_result": lambda _: _NO_VALUE,
    "currency": lambda row: row.subject.account.currency,
    **{one.name: _count(one.name) for one in NETWORK.derived},
}
# What a row is called by, at its own level and below.
_NAMES: Mapping[str, Mapping[str, Metric]] = {
    "advertiser": {},
    "campaign": {"campaign_id": _id("campaign"), "campaign_name": _name("campaign")},
    "adgroup": {"adgroup_id": _id("ad_group"), "adgroup_name": _name("ad_group")},
    "ad": {"ad_name": _name("ad")},
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A report that makes sense.

    Attributes:
        kind: The platform's level.
        time: `stat_time_day`, `stat_time_hour` or None.
        metrics: By name.
        ids: By the platform's level, the ids that it is about; without an entry all.
        order: The metric that rows fall by; None for by day.
        deleted: Whether deleted ones belong to it.
    """

    kind: str
    time: str | None
    first: date
    last: date
    metrics: Mapping[str, Metric]
    order: str | None
    ids: Mapping[str, Sequence[str]]
    deleted: bool


def asked(call: Call) -> Asked:
    """Reads a report's parameters.

    Raises:
        TikTokError: It cannot be read, is of too many days, or of metrics that do not go together.
    """
    params = call.request.query_params
    if required(params, "report_type") != "BASIC":
        raise bad("report_type: only BASIC reports are served here.")
    kind = _KINDS.get(params.get("data_level", ""))
    if kind is None:
        raise bad("data_level: Not a valid choice.")
    dimensions = read_json(params, "dimensions", list, [])
    time = next((one for one in dimensions if one in _MOST_DAYS), None)
    if sorted(dimensions) != sorted(filter(None, (f"{kind}_id", time))):
        raise bad(f"dimensions: {dimensions} are not valid for data_level AUCTION_{kind.upper()}.")
    first, last = read_days(call)
    days = (last - first).days + 1
    if days < 1:
        raise bad("end_date must not be before start_date.")
    if days > _MOST_DAYS[time]:
        raise bad(f"max time span is {_MOST_DAYS[time]} days when use {time}")
    if 0 < call.plan.heaviest_days < days:
        raise TikTokError(TIMED_OUT, "internal service timeout")
    call.note(window=(str(first), str(last)))
    metrics = _metrics(params, kind, time, call.plan.retired_fields)
    order = params.get("order_field")
    if order is not None and (order not in metrics or params.get("order_type") != "DESC"):
        raise bad(f"order_field: {order} is not a metric that is asked for, or not DESC.")
    return Asked(kind, time, first, last, metrics, order, *_filters(params, kind))


def _metrics(
    params: Mapping[str, str], kind: str, time: str | None, retired: frozenset[str]
) -> dict[str, Metric]:
    known = dict(_METRICS)
    for level, names in _NAMES.items():
        known.update(names)
        if level == kind:
            break
    names = read_json(params, "metrics", list, ["spend", "impressions"])
    wrong = [one for one in names if one not in known or one in retired]
    if wrong:
        raise bad(f"metrics: Invalid metric fields: {wrong}")
    if time == "stat_time_hour" and any(one in _OF_PEOPLE for one in names):
        raise bad(
            "Conflict occurs. The input params including metrics and dimensions have no relation."
        )
    return {one: known[one] for one in names}


def _filters(params: Mapping[str, str], kind: str) -> tuple[dict[str, list[str]], bool]:
    ids: dict[str, list[str]] = {}
    deleted = kind == "advertiser"
    for one in read_json(params, "filtering", list, []):
        name = one.get("field_name", "")
        # The values are a JSON text inside the JSON.
        values = read_json(one, "filter_value", list, [])
        if name == f"{kind}_status":
            deleted = "STATUS_ALL" in values
        elif name.endswith("_ids") and name[:-4] in LEVELS and len(values) <= 100:
            ids[name[:-4]] = [str(value) for value in values]
        else:
            raise bad(f"filtering: {name} is not valid here, or has more than 100 values.")
    return ids, deleted


def rows(
    business: Business, account: Account, clock: datetime, question: Asked
) -> tuple[list[dict[str, Any]], str | None]:
    """Returns the rows of a report, and what its header says when it leaves some out."""
    level = LEVELS.get(question.kind, "account")
    report = Report(business, account, level, clock, lambda one: _is_about(one, level, question))
    newest = sorted(report.subjects, key=lambda one: one.created, reverse=True)[:MOST_IDS]
    about = {one.id for one in newest}
    draw = {"stat_time_day": report.daily, "stat_time_hour": report.hourly, None: report.whole}
    found = [
        {
            "dimensions": {f"{question.kind}_id": row.subject.id, **_time(row, question.time)},
            "metrics": {name: metric(row) for name, metric in question.metrics.items()},
        }
        for row in draw[question.time](question.first, question.last)
        if row.subject.id in about
    ]
    order = question.order
    if order is not None:
        found.sort(key=lambda one: _number(one["metrics"][order]), reverse=True)
    cut = len(report.subjects) > MOST_IDS
    return found, THROTTLE.format(question.kind) if cut else None


def _number(metric: str) -> float:
    return 0.0 if metric == _NO_VALUE else float(metric)


def _time(row: Row, dimension: str | None) -> dict[str, str]:
    return {} if dimension is None else {dimension: f"{row.first} {row.hour or 0:02d}:00:00"}


def _is_about(ad: Thing, level: str, question: Asked) -> bool:
    path = zip(LEVELS, ad.path, strict=True)
    named = all(str(one.id) in question.ids.get(kind, (str(one.id),)) for kind, one in path)
    return named and (question.deleted or not is_deleted(ad.above(level)))
