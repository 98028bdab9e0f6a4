"""Mailchimp's lists: whole ones, members by their changes, and what happened to campaigns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from connectors.core.accounts import Account
from connectors.core.addresses import path as path_of
from connectors.core.errors import BadRequest, ShapeChanged
from connectors.core.http import Client
from connectors.core.paginators import Next, Offset, at, walk
from connectors.core.replies import Reply
from connectors.core.shifting import Listed, in_time
from connectors.core.stream import Page
from connectors.core.window import Window
from connectors.platforms.mailchimp.records import (
    member,
    of_activity,
    of_opens,
    of_unsubscribed,
    read,
)

API = "/3.0"
MOST = 1000
"""Rows of a page at most: https://mailchimp.com/developer/marketing/docs/methods-parameters/"""
REMEMBERED = timedelta(days=90)
"""For how long after it was sent a campaign is asked for what happens to it."""
_UNREAD = "_links"
_MEMBER_FIELDS = (
    "id", "email_address", "list_id", "status", "timestamp_signup", "timestamp_opt",
    "last_changed", "source", "language", "location.country_code", "member_rating", "vip",
)  # fmt: skip
_OWNER = ("campaign_id", "list_id", "email_id")


class NotThere(BadRequest):
    """What is asked for does not exist, or does so no more."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A list that is read whole.

    Attributes:
        path: below `API`.
        records: what the list is called in the answer.
        params: parameters of each request, e.g. the field that it is sorted by.
    """

    path: str
    records: str
    params: Mapping[str, str]

    def __call__(self, client: Client, _account: Account, _window: Window | None) -> Iterator[Page]:
        """Yields the pages; rows that come twice because others moved are known by their keys."""
        asked = {**self.params, "exclude_fields": f"{self.records}.{_UNREAD},{_UNREAD}"}
        for rows, size in _pages(client, API + self.path, self.records, asked):
            yield Page([read(one) for one in rows], size)


def members(client: Client, _account: Account, window: Window | None) -> Iterator[Page]:
    """Yields the members of all audiences that changed in a window; archived ones are asked for."""
    start, end = _instants(window)
    for audience in _ids(client, f"{API}/lists", "lists", {}):
        for status in ("", "archived"):
            yield from _changed(client, audience, status, start, end)


def activity(client: Client, _account: Account, window: Window | None) -> Iterator[Page]:
    """Yields what recipients did in a window, campaign by campaign."""
    start, end = _instants(window)
    for report in _reports(client, start - REMEMBERED, end):
        for kind in _KINDS:
            if any(_may_have(report, *named, start) for named in kind.counted_by.items()):
                yield from _events(client, str(report["id"]), kind, start, end)


@dataclass(frozen=True, slots=True)
class _Kind:
    """One of the lists of what happened to a campaign.

    Attributes:
        path: below the campaign's report.
        records: what the list is called in the answer.
        fields: what is asked for beside whose it is.
        counted_by: the counts of the report that are 0 when the list holds nothing, each with what
            says when it last rose; empty where nothing does.
        read: yields the events of a row.
        has_since: whether it can leave out what is older than a time.
    """

    path: str
    records: str
    fields: tuple[str, ...]
    counted_by: Mapping[str, str]
    read: Callable[[dict[str, Any]], Iterator[dict[str, Any]]]
    has_since: bool = True


_KINDS = (
    _Kind(
        "open-details", "members", ("opens",), {"opens.opens_total": "opens.last_open"}, of_opens
    ),
    _Kind(
        "email-activity",
        "emails",
        ("activity",),
        {
            "clicks.clicks_total": "clicks.last_click",
            "bounces.hard_bounces": "",
            "bounces.soft_bounces": "",
        },
        of_activity,
    ),
    _Kind(
        "unsubscribed",
        "unsubscribes",
        ("timestamp",),
        {"unsubscribed": ""},
        of_unsubscribed,
        has_since=False,
    ),
)


def _events(
    client: Client, campaign: str, kind: _Kind, start: datetime, end: datetime
) -> Iterator[Page]:
    named = [f"{kind.records}.{name}" for name in (*_OWNER, *kind.fields)]
    asked = {"fields": ",".join([*named, "total_items"])}
    if kind.has_since:
        # What happened after it: one second earlier, so that the start itself is not left out.
        asked["since"] = _text(start - timedelta(seconds=1))
    place = path_of("3.0", "reports", campaign, kind.path)
    try:
        for rows, size in _pages(client, place, kind.records, asked):
            events = [event for row in rows for event in kind.read(row)]
            within = [one for one in events if _is_within(one, start, end)]
            if within:
                yield Page(within, size)
    except NotThere:
        return  # It was deleted since it was listed.


def _is_within(event: dict[str, Any], start: datetime, end: datetime) -> bool:
    """Returns whether an event is of the window; one without a readable time is left to typing."""
    happened = _time(event.get("timestamp"))
    return happened is None or start <= happened < end


def _reports(client: Client, start: datetime, end: datetime) -> list[dict[str, Any]]:
    named = {name for kind in _KINDS for pair in kind.counted_by.items() for name in pair if name}
    names = sorted(named)
    fields = ",".join(["reports.id", *(f"reports.{name}" for name in names), "total_items"])
    sent = {"since_send_time": _text(start), "before_send_time": _text(end)}
    pages = _pages(client, f"{API}/reports", "reports", {"fields": fields, **sent})
    return [one for rows, _ in pages for one in rows]


def _ids(client: Client, path: str, records: str, params: Mapping[str, str]) -> list[str]:
    asked = {**params, "fields": f"{records}.id,total_items"}
    return [str(one["id"]) for rows, _ in _pages(client, path, records, asked) for one in rows]


def _changed(
    client: Client, audience: str, status: str, start: datetime, end: datetime
) -> Iterator[Page]:
    place = path_of("3.0", "lists", audience, "members")
    asked = {
        "before_last_changed": _text(end),
        "sort_field": "last_changed",
        "sort_dir": "ASC",
        "fields": ",".join([*(f"members.{name}" for name in _MEMBER_FIELDS), "total_items"]),
        **({"status": status} if status else {}),
    }

    def ask(since: datetime, number: int) -> Listed:
        # Whether the bound itself belongs to the answer is not documented: what does is left out.
        page = {"since_last_changed": _text(since), "offset": str((number - 1) * MOST)}
        reply = client.get(place, params={**asked, **page, "count": str(MOST)})
        rows = _listed(reply, "members")
        more = (number - 1) * MOST + len(rows) < int(reply.data.get("total_items") or 0)
        later = [one for one in rows if (_time(one.get("last_changed")) or end) > since]
        return Listed(later, more and bool(rows), None, len(reply.body))

    for page in in_time(ask, lambda one: _time(one.get("last_changed")), start):
        yield Page([member(one) for one in page.records], page.bytes)


def _pages(
    client: Client, path: str, records: str, asked: Mapping[str, str]
) -> Iterator[tuple[list[Any], int]]:
    def ask(more: Next) -> Reply:
        return client.get(path, params={**asked, "count": str(MOST), **more.params})

    pages = Offset("offset", MOST, total_path="total_items")
    for rows, reply in walk(ask, lambda reply: _listed(reply, records), pages):
        yield rows, len(reply.body)


def _listed(reply: Reply, records: str) -> list[Any]:
    found = reply.data.get(records) if isinstance(reply.data, dict) else None
    if not isinstance(found, list):
        raise ShapeChanged(f"the answer holds no list {records}: {reply.excerpt}")
    return found


def _may_have(report: dict[str, Any], count: str, last: str, start: datetime) -> bool:
    """Returns whether anything can have happened since a time; what is not said may have."""
    newest = _time(at(report, last)) if last else None
    return at(report, count) != 0 and (newest is None or newest >= start)


def _time(text: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        return None  # The row is rejected further down, with its reason.
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def _instants(window: Window | None) -> tuple[datetime, datetime]:
    if window is None:
        raise TypeError("what has changed is asked for by a window")
    return _whole_second(window.start), _whole_second(window.end)


def _whole_second(side: date) -> datetime:
    if not isinstance(side, datetime):
        raise TypeError("what has changed is asked for by a window of instants")
    return side.astimezone(UTC).replace(microsecond=0)


def _text(moment: datetime) -> str:
    return moment.isoformat()
