"""TUNE's lists and reports, in numbered pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from connectors.core.accounts import Account
from connectors.core.columns import Column
from connectors.core.errors import ShapeChanged
from connectors.core.http import Client
from connectors.core.instants import in_zone
from connectors.core.paginators import at
from connectors.core.replies import Reply
from connectors.core.shifting import Listed, by_total
from connectors.core.stream import Page
from connectors.core.window import Window, asked
from connectors.platforms.tune.calls import Pairs, call

_SIZE = 1_000
_INSTANTS = ("datetime", "session_datetime", "date_added")
_NEVER = "0000-00-00"
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Entities:
    """A list whose rows stand under their ids, each inside the name of its model."""

    target: str
    method: str
    model: str

    def __call__(
        self, client: Client, account: Account, _window: Window | None = None
    ) -> Iterator[Page]:
        """Yields the pages."""

        def ask(number: int) -> Listed:
            reply = call(client, account.id, self.target, self.method, _page(number))
            rows = [at(one, self.model) for one in _rows(reply)]
            return Listed(
                [_checked(one, reply) for one in rows], False, _count(reply), _size(reply)
            )

        for page in by_total(ask, lambda one: one.get("id")):
            yield Page([_written(one, account) for one in page.records], page.bytes)


@dataclass(frozen=True, slots=True)
class Report:
    """A report for a range of days.

    Attributes:
        method: of the target Report.
        columns: the stream's columns, whose fields are asked for.
        key: the fields that tell rows apart.
        is_adjustment: whether corrections are wanted, or all but these; None for no such choice.
    """

    method: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    is_adjustment: str | None = None

    def __call__(self, client: Client, account: Account, window: Window | None) -> Iterator[Page]:
        """Yields the pages."""
        days = asked(window)
        fields = [c.asked_as for c in client.asked(self.columns) if c.asked_as.startswith("Stat.")]
        question = [(f"fields[{place}]", name) for place, name in enumerate(fields)]
        question += _filter("Stat.date", "BETWEEN", str(days.start), str(days.last_day))
        if self.is_adjustment is not None:
            name = "filters[Stat.is_adjustment]"
            question += [
                (f"{name}[conditional]", "EQUAL_TO"),
                (f"{name}[values]", self.is_adjustment),
            ]
        question += [(f"sort[{name}]", "asc") for name in self.key]

        def ask(number: int) -> Listed:
            more = (*question, *_page(number))
            reply = call(client, account.id, "Report", self.method, more)
            rows = [_checked(one, reply) for one in _rows(reply)]
            return Listed(rows, False, _count(reply), _size(reply))

        for page in by_total(ask, self._id):
            rows = [_dated(one, account) for one in page.records if self._is_wanted(one)]
            yield Page([one for one in rows if _is_of(one, days)], page.bytes)

    def _id(self, row: Json) -> tuple[Any, ...]:
        return tuple(at(row, name) for name in self.key)

    def _is_wanted(self, row: Json) -> bool:
        """Whether a row is of the kind that was asked for, should the network ignore the filter."""
        kind = str(at(row, "Stat.is_adjustment") or "0")
        return self.is_adjustment is None or kind == self.is_adjustment


def _filter(name: str, condition: str, *values: str) -> list[tuple[str, str]]:
    bounds = [(f"filters[{name}][values][{place}]", text) for place, text in enumerate(values)]
    return [(f"filters[{name}][conditional]", condition), *bounds]


def _page(number: int) -> Pairs:
    return [("limit", str(_SIZE)), ("page", str(number))]


def _rows(reply: Reply) -> list[Any]:
    """Returns the rows of a list or of an object by id; an empty one may be false, or `[]`."""
    data = at(reply.data, "response.data")
    found = data.get("data") if isinstance(data, dict) else data
    if not found:
        return []
    if isinstance(found, dict):
        return list(found.values())
    if isinstance(found, list):
        return found
    raise ShapeChanged(f"the answer holds no rows: {reply.excerpt}")


def _count(reply: Reply) -> int:
    """Returns how many rows the list has; paging is left out where there are none."""
    text = str(at(reply.data, "response.data.count") or 0)
    return int(text) if text.isdecimal() else 0


def _size(reply: Reply) -> int:
    return len(reply.body)


def _checked(row: Any, reply: Reply) -> Json:
    if not isinstance(row, dict):
        raise ShapeChanged(f"a row is no object: {reply.excerpt}")
    return row


def _dated(row: Json, account: Account) -> Json:
    """Returns a row of a report with the day of its conversion, and its times in UTC."""
    stat = row.get("Stat")
    if not isinstance(stat, dict):
        return row
    day = stat.get("date") or str(stat.get("datetime", ""))[:10] or None
    rest = {name: value for name, value in stat.items() if name != "date"}
    return {**row, "date": day, "Stat": _written(rest, account)}


def _is_of(row: Json, days: Window) -> bool:
    """Whether a row is of the window; one without a readable day is left to typing."""
    try:
        return datetime.fromisoformat(str(row.get("date"))).date() in days
    except ValueError:
        return True


def _written(row: Json, account: Account) -> Json:
    """Returns a row with its local times in UTC; a time that never was is null."""
    return {
        name: _utc(value, account) if name in _INSTANTS else value for name, value in row.items()
    }


def _utc(text: Any, account: Account) -> Any:
    if not text or str(text).startswith(_NEVER):
        return None
    try:
        local = datetime.fromisoformat(str(text))
        zone = ZoneInfo(account.time_zone or "UTC")
        return in_zone(local.replace(tzinfo=zone), UTC).isoformat()
    except ValueError:
        return text  # The row is rejected further down, with its reason.
