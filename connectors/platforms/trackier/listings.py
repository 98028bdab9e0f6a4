"""Trackier's lists, whose pages end with one that is not full, and its sums by day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from connectors.core.accounts import Account
from connectors.core.columns import Column
from connectors.core.errors import ShapeChanged
from connectors.core.http import Client
from connectors.core.instants import in_zone
from connectors.core.paginators import Next, PageNumber, at, walk
from connectors.core.replies import Reply
from connectors.core.series import day_of
from connectors.core.stream import Page
from connectors.core.window import Window, asked

_INSTANTS = ("created", "click_created")
_MADE = frozenset({"date", "_id"})
"""Fields that no question names: the id stands as a key, the day is worked out."""
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Listing:
    """A list in numbered pages.

    Attributes:
        path: where it is.
        records: dotted path of the list in the answer, or of the object that has it by ids.
        size: rows of a full page.
        columns: the stream's columns, where the fields are to be named.
        says_limit: whether the question names the size.
    """

    path: str
    records: str
    size: int
    columns: tuple[Column, ...] = ()
    says_limit: bool = True

    def __call__(
        self, client: Client, account: Account, window: Window | None = None
    ) -> Iterator[Page]:
        """Yields the pages."""
        question = [] if window is None else _span(window)
        question += [("limit", str(self.size))] if self.says_limit else []
        fields = [one.asked_as for one in client.asked(self.columns) if one.source not in _MADE]
        question += [("fields[]", name) for name in fields]

        def ask(more: Next) -> Reply:
            page = {"page": "1", **more.params}
            return client.get(f"{self.path}?{urlencode([*question, *page.items()])}")

        pages = PageNumber("page", self.size)
        for rows, reply in walk(ask, lambda reply: _rows(reply, self.records), pages):
            found = rows if window is None else [_dated(one, account) for one in rows]
            yield Page([one for one in found if _is_of(one, window)], len(reply.body))


def reports(client: Client, _account: Account, window: Window | None) -> Iterator[Page]:
    """Yields what publishers brought for campaigns by day."""
    groups = [("group[]", name) for name in ("created", "campaign_id", "publisher_id")]
    kpis = ("grossClicks", "uniqueClicks", "approvedConversions", "payout", "revenue", "saleAmount")
    question = [*groups, *(("kpi[]", name) for name in kpis), *_span(asked(window))]
    reply = client.get(f"/network/customReport?{urlencode(question)}")
    days = {str(day) for day in asked(window).days()}
    rows = [{**one, "created": str(one.get("created", ""))[:10]} for one in _rows(reply, "records")]
    yield Page(
        [one for one in rows if one["created"] in days or not one["created"]], len(reply.body)
    )


def _span(window: Window) -> list[tuple[str, str]]:
    return [("start", str(window.start)), ("end", str(window.last_day))]


def _rows(reply: Reply, path: str) -> list[Json]:
    """Returns the rows of a list, or of an object by ids, each of which is then the row's `_id`."""
    found = at(reply.data, path)
    if isinstance(found, dict):
        found = [{"_id": key, **one} for key, one in found.items() if isinstance(one, dict)]
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise ShapeChanged(f"the answer holds no list {path}: {reply.excerpt}")
    return found


def _dated(row: Json, account: Account) -> Json:
    """Returns a row with its day, and its local times in UTC."""
    written = {name: _utc(row[name], account) for name in _INSTANTS if row.get(name)}
    day = day_of(written.get("created"), ZoneInfo(account.time_zone or "UTC"))
    return {**row, **written, "date": day}


def _utc(value: Any, account: Account) -> Any:
    """Returns an instant: local text, ISO text in UTC, or an object with text and zone of PHP."""
    zone = account.time_zone or "UTC"
    text = value
    if isinstance(value, dict):
        text, zone = value.get("date"), str(value.get("timezone") or zone)
    try:
        found = datetime.fromisoformat(str(text))
        if found.tzinfo is None:
            found = found.replace(tzinfo=ZoneInfo(zone))
        return in_zone(found, UTC).isoformat()
    except (ValueError, KeyError):
        return value  # The row is rejected further down, with its reason.


def _is_of(row: Json, window: Window | None) -> bool:
    """Whether a row is of the window; one without a readable day is left to typing."""
    if window is None or row.get("date") is None:
        return True
    return datetime.fromisoformat(row["date"]).date() in window
