"""Connections that are not shown everything: what of it is unseen, since when, what to do."""

from collections.abc import Iterator
from dataclasses import dataclass

from connectors.core.stream import Platform, Stream
from orchestration.workspace import Workspace
from warehouse.reach import HiddenRecords, hidden_records


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


def unseen(space: Workspace) -> dict[str, list[Unseen]]:
    """Returns what connections do not see, by connection; those that see everything are not in."""
    found: dict[str, list[Unseen]] = {}
    for platform in space.platforms.values():
        for stream in platform.streams:
            for one in unseen_of(space, platform, stream):
                found.setdefault(one.connection_id, []).append(one)
    return found


def unseen_of(space: Workspace, platform: Platform, stream: Stream) -> Iterator[Unseen]:
    """Yields what connections do not see of one stream; nothing is read of one without a limit."""
    reach = stream.reach
    if reach is None:
        return
    hidden = hidden_records(
        space.home,
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
