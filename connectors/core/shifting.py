"""Lists whose rows move while they are read: nothing is lost, and nothing comes twice.

Where pages are numbered and cut anew for each request, a row that arrives, is edited or goes
meanwhile shifts all behind it over the borders. So a list in the order of a time is not paged: each
request begins at the time of the last row seen. One without a time is read by id, and again from
its start when it got shorter meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from connectors.core.errors import ServerTrouble, ShapeChanged
from connectors.core.stream import Page

_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Listed:
    """One page.

    Attributes:
        records: its records, each with an `id`.
        more: whether another page follows.
        total: how many records the list has; None where it is not said.
        bytes: size of the answer.
    """

    records: list[dict[str, Any]]
    more: bool
    total: int | None
    bytes: int


def in_time(
    ask: Callable[[datetime, int], Listed],
    time_of: Callable[[dict[str, Any]], datetime | None],
    start: datetime,
) -> Iterator[Page]:
    """Yields a list in the order of a time in whole seconds.

    Args:
        ask: gets a page, by its number, of what is later than a time.
        time_of: the time of a record; None when it has none that can be read.
        start: of the first record that is wanted.

    Raises:
        ShapeChanged: a record is older than what was asked for.
    """
    since, number, brought = start - _SECOND, 1, 0
    seen: set[tuple[Any, datetime | None]] = set()
    while True:
        page = ask(since, number)
        stamped = [(one, time_of(one)) for one in page.records]
        times = [at for _, at in stamped if at is not None]
        if times and min(times) < start:
            raise ShapeChanged(
                f"asked for what is of {start.isoformat()} or later and got a record of "
                f"{min(times).isoformat()}: the platform ignores the filter"
            )
        fresh = [one for one, at in stamped if (one.get("id"), at) not in seen]
        seen.update((one.get("id"), at) for one, at in stamped)
        yield Page(fresh, page.bytes)
        brought += len(fresh)
        reached = max(times, default=since) - _SECOND
        if page.more and reached <= since:
            # Only where a whole page is of one second is there a second page.
            number += 1
        elif number > 1 and brought:
            # Such pages shift like any: they are read until they bring nothing new.
            number, brought = 1, 0
        elif page.more:
            since, number, brought = reached, 1, 0
        else:
            return


def by_id(ask: Callable[[int], Listed], name: str) -> Iterator[Page]:
    """Yields a list in the order of ids: what is added meanwhile comes last and shifts nothing.

    Args:
        ask: gets a page by its number.
        name: what it is a list of, for messages.

    Raises:
        ServerTrouble: it got shorter meanwhile: the chunk is to start again.
        ShapeChanged: a record has no id that is a number.
    """
    number, total, last = 1, 0, 0
    while True:
        page = ask(number)
        if page.total is not None and page.total < total:
            gone = f"{name}: {total - page.total} rows are gone since the list was begun"
            raise ServerTrouble(gone, restart_chunk=True)
        total = page.total or 0
        # A page may come twice.
        yield Page([one for one in page.records if _id(one, name) > last], page.bytes)
        last = max([last, *(_id(one, name) for one in page.records)])
        if not page.more:
            return
        number += 1


_NOTHING_NEW = 3
"""Pages in a row without a new record, behind which no more is to be expected."""


def by_total(
    ask: Callable[[int], Listed], id_of: Callable[[dict[str, Any]], Any]
) -> Iterator[Page]:
    """Yields a list in any order that says how many records it has, until so many were seen.

    Args:
        ask: gets a page by its number.
        id_of: what tells records apart.

    Raises:
        ServerTrouble: the pages end before so many records were seen: rows have moved meanwhile,
            and the chunk is to start again.
    """
    number, idle = 1, 0
    seen: set[Any] = set()
    while True:
        page = ask(number)
        fresh = {id_of(one): one for one in page.records if id_of(one) not in seen}
        seen.update(fresh)
        yield Page(list(fresh.values()), page.bytes)
        if page.total is None or len(seen) >= page.total:
            return
        idle = 0 if fresh else idle + 1
        if idle >= _NOTHING_NEW:
            raise ServerTrouble(
                f"a list of {page.total} records shows {len(seen)}", restart_chunk=True
            )
        number += 1


def _id(record: dict[str, Any], name: str) -> int:
    try:
        return int(record["id"])
    except (KeyError, TypeError, ValueError) as trouble:
        raise ShapeChanged(f"{name}: a record has no id that is a number") from trouble
