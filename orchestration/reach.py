"""Connections that are not shown everything: what of it is unseen, since when, what to do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from warehouse.home import Home
from warehouse.log_attempts import hides_records

if TYPE_CHECKING:
    from connectors.core.platform import Platform
    from connectors.core.stream import Stream
    from warehouse.reach import HiddenRecords


@dataclass(frozen=True, slots=True)
class Unseen:
    """What a connection does not see of one stream.

    Attributes:
        stream: the stream's name.
        days: for how many days after it was made a record is shown.
        changes: what becomes of a record later, in plain words.
        records: how many of the records that are held are older than that.
        since: the UTC date from which on changes to one of them are unseen; empty for none.
        remedy: what to do to see everything.
    """

    connection_id: str
    stream: str
    days: int
    changes: str
    records: int
    since: str
    remedy: str

    def __str__(self) -> str:
        shown = f"{self.stream} are shown for {self.days} days only"
        if not self.records:
            return f"{shown}: {self.changes} after that will be unseen"
        return (
            f"{shown}: {self.changes} of {self.records:,} older {self.stream} are unseen, "
            f"since {self.since}"
        )

    @property
    def as_row(self) -> dict[str, object]:
        """It as JSON values."""
        return {
            "stream": self.stream,
            "shown_for_days": self.days,
            "records": self.records,
            "since": self.since or None,
            "message": str(self),
            "remedy": self.remedy,
        }


def unseen(home: Home) -> dict[str, list[Unseen]]:
    """Returns what connections do not see, by connection; those that see everything are not in."""
    found: dict[str, list[Unseen]] = {}
    if not hides_records(home):
        return found
    # Imported here: most homes hide nothing, and their status needs no platform.
    from connectors import platforms

    for platform in platforms.load().values():
        for stream in platform.streams:
            for one in unseen_of(home, platform, stream):
                found.setdefault(one.connection_id, []).append(one)
    return found


def unseen_of(home: Home, platform: Platform, stream: Stream) -> Iterator[Unseen]:
    """Yields what connections do not see of one stream; nothing is read of one without a limit."""
    reach = stream.reach
    if reach is None:
        return
    from warehouse.reach import hidden_records

    hidden = hidden_records(
        home,
        platform.name,
        stream.name,
        key=stream.key,
        made=reach.made_column,
        days=reach.days,
    )
    for connection_id, one in sorted(hidden.items()):
        yield Unseen(
            connection_id,
            stream.name,
            reach.days,
            reach.changes,
            one.records,
            _date(one),
            reach.remedy,
        )


def _date(hidden: HiddenRecords) -> str:
    return hidden.since.date().isoformat() if hidden.since else ""
