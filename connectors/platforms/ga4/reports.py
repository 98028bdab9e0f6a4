"""Reports of the Data API: asked for in few days at once, page by page, within the tokens.

https://developers.google.com/analytics/devguides/reporting/data/v1/rest/v1beta/properties/runReport
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

from connectors.core import addresses
from connectors.core.accounts import Account
from connectors.core.columns import Column
from connectors.core.errors import ConnectorError, FieldRefused, ShapeChanged
from connectors.core.http import Client
from connectors.core.replies import Reply
from connectors.core.shapes import object_of, objects_at
from connectors.core.stream import Page, Pages
from connectors.core.window import Window
from connectors.platforms.ga4.failures import quota

ROWS = 250_000
"""Rows of a page: the most that there are. Each page costs tokens again."""
RESERVE = 20
"""Tokens that are left to others: nothing costs as many that a report here asks for."""
_BUCKETS = {
    "tokensPerDay": "tokens per day",
    "tokensPerHour": "tokens per hour",
    "tokensPerProjectPerHour": "tokens of this project per hour",
}
_KEY_EVENTS_ONLY = {
    "filter": {"fieldName": "isKeyEvent", "stringFilter": {"matchType": "EXACT", "value": "true"}}
}


@dataclass(slots=True)
class _Session:
    """What a client has learnt: the fields that go together, and a bucket that is empty."""

    checked: set[frozenset[str]] = field(default_factory=set)
    spent: str = ""


_sessions: WeakKeyDictionary[Client, _Session] = WeakKeyDictionary()


def report(columns: tuple[Column, ...], days: int, key_events: bool = False) -> Pages:
    """Returns the function that fetches a report.

    Args:
        columns: the stream's columns.
        days: for how many days one question asks. What an answer says of its quality holds for
            all of them.
        key_events: whether only key events are wanted.
    """

    def pages(client: Client, account: Account, window: Window | None) -> Iterator[Page]:
        assert window is not None, "a report has a window"
        asked = client.asked(columns)
        question = _question(asked, _KEY_EVENTS_ONLY if key_events else None)
        session = _sessions.setdefault(client, _Session())
        _check(client, account, question, session)
        for part in window.split(days):
            dates = {"startDate": part.start.isoformat(), "endDate": part.last_day.isoformat()}
            yield from _pages(client, account, {**question, "dateRanges": [dates]}, session)

    return pages


def _question(columns: Sequence[Column], filter_: dict[str, Any] | None) -> dict[str, Any]:
    by_role: dict[str, list[str]] = {"dimension": [], "metric": [], "attribute": []}
    for one in columns:
        by_role[one.role].append(one.asked_as)
    dimensions = list(dict.fromkeys(by_role["dimension"]))
    question: dict[str, Any] = {
        "dimensions": [{"name": name} for name in dimensions],
        "metrics": [{"name": name} for name in by_role["metric"]],
        # Without an order of their own rows come by the first metric, and pages may overlap.
        "orderBys": [{"dimension": {"dimensionName": name}} for name in dimensions],
    }
    return question if filter_ is None else {**question, "dimensionFilter": filter_}


def _check(client: Client, account: Account, question: dict[str, Any], session: _Session) -> None:
    """Asks whether the fields go together; once for a client, since that costs tokens too.

    Raises:
        FieldRefused: some do not.
    """
    names = frozenset(one["name"] for kind in ("dimensions", "metrics") for one in question[kind])
    if names in session.checked:
        return
    body = {name: value for name, value in question.items() if name != "orderBys"}
    body["compatibilityFilter"] = "INCOMPATIBLE"
    reply = client.post(_address(client, account, "checkCompatibility"), json=body)
    found = [
        object_of(one, f"{kind}Metadata").get("apiName")
        for kind in ("dimension", "metric")
        for one in objects_at(reply, f"{kind}Compatibilities", optional=True)
    ]
    clashing = [str(one) for one in found if one in names]
    if clashing:
        raise FieldRefused(
            f"Google Analytics no longer reports {', '.join(clashing)} with the other fields",
            fields=clashing,
        )
    session.checked.add(names)


def _pages(
    client: Client, account: Account, question: dict[str, Any], session: _Session
) -> Iterator[Page]:
    path, offset, count = _address(client, account, "runReport"), 0, 1
    while offset < count:
        if session.spent:
            raise _spent(session.spent)
        body = {**question, "limit": str(ROWS), "offset": str(offset), "returnPropertyQuota": True}
        reply = client.post(path, json=body)
        session.spent = _spent_bucket(reply)
        # Both are left out of an answer without a row.
        rows = objects_at(reply, "rows", optional=True)
        count = int(reply.data.get("rowCount", 0))
        if not rows and offset < count:
            raise ShapeChanged(f"a page of {count} rows is empty at row {offset}")
        yield Page(_records(reply, rows), len(reply.body))
        offset += len(rows)


def _spent_bucket(reply: Reply) -> str:
    """Returns the bucket of tokens that an answer shows to be all but empty; none as a rule."""
    held = object_of(reply.data, "propertyQuota")
    for name, said in _BUCKETS.items():
        left = object_of(held, name).get("remaining")
        if isinstance(left, int) and left < RESERVE:
            return said
    return ""


def _spent(bucket: str) -> ConnectorError:
    return quota(f"Only {RESERVE} are left of the {bucket} of this property")


def _records(reply: Reply, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Returns the rows by the names of their fields, each with what the answer says about it."""
    names = [
        str(one.get("name"))
        for kind in ("dimensionHeaders", "metricHeaders")
        for one in objects_at(reply, kind, optional=True)
    ]
    metadata = dict(object_of(reply.data, "metadata"))
    # What there is not is false.
    metadata = {"dataLossFromOtherRow": False, "subjectToThresholding": False, **metadata}
    about: dict[str, Any] = {"metadata": metadata}
    sampled = metadata.pop("samplingMetadatas", None)
    if isinstance(sampled, list) and sampled:
        about["sampling"] = sampled[0]
    withheld = _withheld(metadata)
    return [_record(names, row, about, withheld) for row in rows]


def _record(
    names: list[str], row: dict[str, Any], about: dict[str, Any], withheld: frozenset[str]
) -> dict[str, Any]:
    rest = dict(row)
    held = [*rest.pop("dimensionValues", ()), *rest.pop("metricValues", ())]
    if len(held) != len(names):
        raise ShapeChanged(f"a row has {len(held)} values of {len(names)} fields")
    values = {name: one.get("value") for name, one in zip(names, held, strict=True)}
    hour = values.pop("dateHour", None)
    if hour is not None:
        values["date"], values["hour"] = hour[:8], hour[8:]
    day = str(values.get("date", ""))
    values["date"] = f"{day[:4]}-{day[4:6]}-{day[6:]}"
    # Of what the role may not see there are zeros.
    return {**values, **dict.fromkeys(withheld), **rest, **about}


def _withheld(metadata: dict[str, Any]) -> frozenset[str]:
    restricted = object_of(metadata, "schemaRestrictionResponse")
    withheld = restricted.get("activeMetricRestrictions", ())
    return frozenset(str(one.get("metricName")) for one in withheld)


def _address(client: Client, account: Account, method: str) -> str:
    return addresses.path(client.platform.api_version, "properties", f"{account.id}:{method}")
