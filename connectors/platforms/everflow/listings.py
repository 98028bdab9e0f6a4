"""Everflow's lists in pages, its raw clicks and its sums by day."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from connectors.core.accounts import Account
from connectors.core.capped import within_cap
from connectors.core.errors import ShapeChanged, TooHeavy
from connectors.core.http import Client
from connectors.core.paginators import at
from connectors.core.replies import Reply
from connectors.core.shifting import Listed, by_total
from connectors.core.stream import Page
from connectors.core.window import Window, asked
from connectors.platforms.everflow.hooks import REALM, network_of

_UTC = 67
"""Everflow's number of UTC: https://developers.everflow.io/docs/network/meta/timezones/"""
_SIZE = 2_000
_MOST_CLICKS = 10_000
_INSTANTS = frozenset(
    {
        "conversion_unix_timestamp", "click_unix_timestamp", "unix_timestamp", "time_created",
        "time_saved", "holding_period_end",
    }
)  # fmt: skip
Json = dict[str, Any]
Body = Callable[[Account, Window | None], Json | None]


def search(_account: Account, _window: Window | None) -> Json:
    """Returns the question of a table that is read whole."""
    return {"search_terms": [], "filters": {}}


def converted(account: Account, window: Window | None) -> Json:
    """Returns the question for conversions of the dates of a window, asked for in UTC."""
    start, end = asked(window).instants(account.time_zone or "UTC")
    return {**_span(start, end), "show_conversions": True, "show_events": True}


def adjusted(_account: Account, window: Window | None) -> Json:
    """Returns the question for corrections of the dates of a window."""
    days = asked(window)
    return {"from": str(days.start), "to": str(days.last_day), "timezone_id": _UTC}


@dataclass(frozen=True, slots=True)
class Table:
    """A list in numbered pages; page and size stand in the address, of a POST too.

    Attributes:
        path: below `REALM`.
        records: what the list is called in the answer.
        id: the field that tells records apart.
        body: makes the question; None for a GET.
        happened: dotted path of the instant whose day is the row's `date`; empty for none.
    """

    path: str
    records: str
    id: str
    body: Body | None = None
    happened: str = ""

    def __call__(
        self, client: Client, account: Account, window: Window | None = None
    ) -> Iterator[Page]:
        """Yields the pages."""
        question = None if self.body is None else self.body(account, window)

        def ask(number: int) -> Listed:
            reply = self._page(client, number, question)
            total = at(reply.data, "paging.total_count")
            size = len(reply.body)
            if not isinstance(total, int):
                raise ShapeChanged(f"{self.path}: no paging.total_count: {reply.excerpt}")
            return Listed(listed(reply, self.records), False, total, size)

        for page in by_total(ask, lambda one: one.get(self.id)):
            rows = [read(one, self.happened, account) for one in page.records]
            yield Page([one for one in rows if _is_of(one, self.happened, window)], page.bytes)

    def _page(self, client: Client, number: int, question: Json | None) -> Reply:
        params = {"page": str(number), "page_size": str(_SIZE)}
        if question is None:
            return client.get(
                f"{REALM}/{self.path}", params={**params, "relationship": "payout_revenue"}
            )
        return client.post(f"{REALM}/{self.path}?{urlencode(params)}", json=question)


def clicks(client: Client, account: Account, window: Window | None) -> Iterator[Page]:
    """Yields the raw clicks of dates; what an answer cuts is asked for in halves."""

    def ask(start: datetime, end: datetime) -> tuple[list[Json], int]:
        reply = client.post(f"{REALM}/reporting/clicks/stream", json=_span(start, end))
        # The realm of partners calls them `table`.
        name = "table" if isinstance(at(reply.data, "table"), list) else "clicks"
        return listed(reply, name), len(reply.body)

    first, last = asked(window).instants(account.time_zone or "UTC")
    for page in within_cap(ask, first, last, _MOST_CLICKS):
        rows = [read(one, "unix_timestamp", account) for one in page.records]
        yield Page([one for one in rows if _is_of(one, "unix_timestamp", window)], page.bytes)


def daily(client: Client, account: Account, window: Window | None) -> Iterator[Page]:
    """Yields what partners and offers came to by day, in the network's own zone and currency.

    Raises:
        TooHeavy: there are more rows than an answer has.
    """
    days, network = asked(window), network_of(client)
    columns = [{"column": name} for name in ("date", "offer", "affiliate")]
    question = {
        "from": str(days.start),
        # Read as the midnight at which it begins.
        "to": str(days.end),
        "timezone_id": network.zone_id,
        "currency_id": network.currency,
        "columns": columns,
        "query": {"filters": [], "exclusions": []},
    }
    reply = client.post(f"{REALM}/reporting/entity/table", json=question)
    rows = listed(reply, "table")
    if at(reply.data, "incomplete_results"):
        raise TooHeavy("the answer was cut: it has as many rows as an answer may have")
    summed = [_summed(one, network.currency, account) for one in rows]
    wanted = {str(day) for day in days.days()}
    yield Page([one for one in summed if one["date"] in wanted], len(reply.body))


def listed(reply: Reply, name: str) -> list[Json]:
    """Returns a list of an answer; an empty one may be null."""
    found = reply.data.get(name, ()) if isinstance(reply.data, dict) else ()
    if found is None:
        return []
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise ShapeChanged(f"the answer holds no list {name}: {reply.excerpt}")
    return found


def read(record: Json, happened: str, account: Account) -> Json:
    """Returns a record with its instants written out, and with the day on which it happened."""
    zone = ZoneInfo(account.time_zone or "UTC")
    kept = _read(record)
    if happened:
        kept["date"] = _local_day(at(record, happened), zone)
    for name in ("start", "end"):
        if f"{name}_time" in kept:
            kept[f"{name}_day"] = _local_day(kept.pop(f"{name}_time"), zone)
    return kept


def _read(record: Json) -> Json:
    return {
        name: _read(value)
        if isinstance(value, dict) and name == "conversion"
        else _written(value)
        if name in _INSTANTS
        else value
        for name, value in record.items()
    }


def _summed(row: Json, currency: str, account: Account) -> Json:
    parts = {one.get("column_type"): one for one in row.get("columns", ())}
    named = {
        name: str(parts[name].get("id", "")) for name in ("offer", "affiliate") if name in parts
    }
    rest = {name: value for name, value in row.items() if name != "columns"}
    return {**rest, **named, "currency": currency, "date": _day(parts.get("date", {}), account)}


def _day(part: Json, account: Account) -> str | None:
    """Returns the day of a column, which is text or the seconds of its midnight."""
    for text in (str(part.get("id", "")), str(part.get("label", ""))):
        if text.isdecimal():
            return _local_day(int(text), ZoneInfo(account.time_zone or "UTC"))
        try:
            return str(date.fromisoformat(text[:10]))
        except ValueError:
            continue
    return None


def _local_day(seconds: Any, zone: ZoneInfo) -> str | None:
    moment = _moment(seconds)
    return None if moment is None else str(moment.astimezone(zone).date())


def _written(seconds: Any) -> Any:
    """Returns seconds as ISO 8601; 0 is an instant that never was."""
    moment = _moment(seconds)
    return moment.isoformat() if moment is not None else None if seconds == 0 else seconds


def _moment(seconds: Any) -> datetime | None:
    if not isinstance(seconds, int) or isinstance(seconds, bool) or not 0 < seconds < 2**33:
        return None
    return datetime.fromtimestamp(seconds, UTC)


def _is_of(row: Json, happened: str, window: Window | None) -> bool:
    """Returns whether a row is of the window; one without a readable day is left to typing."""
    day = row.get("date") if happened else None
    return day is None or date.fromisoformat(day) in asked(window)


def _span(start: datetime, end: datetime) -> Json:
    """Returns a range from an instant up to the last second before another."""
    last = end - timedelta(seconds=1)
    form = "%Y-%m-%d %H:%M:%S"
    return {"from": start.strftime(form), "to": last.strftime(form), "timezone_id": _UTC}
