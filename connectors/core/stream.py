"""The streams that a platform declares, and the pages that they come in. All frozen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Literal

import pyarrow as pa

from connectors.core.accounts import Account
from connectors.core.columns import Column
from connectors.core.reach import Reach
from connectors.core.set_aside import SetAside
from connectors.core.window import Window

if TYPE_CHECKING:
    from connectors.core.http import Client

Kind = Literal["report", "changes", "snapshot"]


@dataclass(frozen=True, slots=True)
class Page:
    """Records as the platform sent them, the size of their body, and parts for quarantine."""

    records: list[dict[str, Any]]
    bytes: int
    set_aside: tuple[SetAside, ...] = ()


Pages = Callable[["Client", Account, Window | None], Iterator[Page]]
"""Fetches the pages of one account and window (None for a snapshot)."""


@dataclass(frozen=True, slots=True)
class Stream:
    """One table that a platform offers.

    Attributes:
        name: plural noun of the platform's own.
        kind: `report`, `changes` or `snapshot` (there is no fourth).
        description: what one row is.
        columns: the typed columns, in the order of the raw file.
        pages: fetches the pages of one account and window (None for a snapshot).
        lookback_days: how many days back the platform still restates.
        lookback_reason: why that many.
        max_window_days: longest window of one chunk, None for no limit.
        retention_days: how many days back the platform keeps a report; None for no limit. Older
            dates are not asked for, so an empty answer never wins over what it once said.
        cursor_overlap: of changes: how far before the cursor the next window starts, for what
            the platform shows late.
        reads_all: of changes: the first window begins in 1970, since what was last changed before
            the connection's first day belongs to it too; else it begins on that day.
        version_column: of changes: the platform's own time of modification; the newest version
            of a key is the one with the largest, then the one fetched last.
        grain: of a report: one row per `day` or per `hour`.
        publication: of a report that is published once a day: between which instants a date's
            numbers appear, None for a date that never has any. It is then asked for only when
            something can have appeared. None: at any time.
        basis: of a report: from an account, as described, to those of its settings that all
            numbers follow from, as one text; None when they are not known. Dates that were
            fetched under others are due again, however old. None: there are no such settings.
        date_column: the column that holds the account's own date of a report row.
        key_columns: the key of a snapshot or of changes; a report's key are its dimensions.
        ignored: JSON key names that are known and dropped, at any depth.
        reach: of changes: which records an account may not be shown; None when all are.
        least_kept: of a snapshot: from an account to the least part (0 to 1) of the rows of its
            last complete list that a new one must have, else it is refused: half a list deletes
            what it lacks. None: a list may have any number of rows.
    """

    name: str
    kind: Kind
    description: str
    columns: tuple[Column, ...]
    pages: Pages
    lookback_days: int = 0
    lookback_reason: str = ""
    max_window_days: int | None = None
    retention_days: int | None = None
    cursor_overlap: timedelta = timedelta(0)
    reads_all: bool = False
    version_column: str = ""
    grain: Literal["day", "hour"] | None = None
    publication: Callable[[date], Window | None] | None = None
    basis: Callable[[Account], str | None] | None = None
    date_column: str = "date"
    key_columns: tuple[str, ...] = ()
    ignored: frozenset[str] = frozenset()
    reach: Reach | None = None
    least_kept: Callable[[Account], float] | None = None

    def __post_init__(self) -> None:
        names = [column.name for column in self.columns]
        if len(set(names)) != len(names):
            raise ValueError(f"stream {self.name}: a column name is used twice")
        if not set(self.key) <= set(names) or not self.key:
            raise ValueError(f"stream {self.name}: its key {self.key} is not among its columns")
        if (self.kind == "report") != (self.grain is not None):
            raise ValueError(f"stream {self.name}: a report, and only a report, has a grain")
        if self.kind == "report" and (self.key_columns or self.date_column not in self.key):
            raise ValueError(f"stream {self.name}: a report's key are its dimensions, with a date")
        if self.version_column and (self.kind != "changes" or self.version_column not in names):
            raise ValueError(
                f"stream {self.name}: a version column is a column of a changes stream"
            )
        if self.least_kept is not None and self.kind != "snapshot":
            raise ValueError(f"stream {self.name}: only a snapshot has rows to keep")
        if self.basis is not None and self.kind != "report":
            raise ValueError(f"stream {self.name}: only a report has a basis")
        if self.lookback_days and not self.lookback_reason:
            raise ValueError(f"stream {self.name}: a lookback needs its reason")

    @property
    def key(self) -> tuple[str, ...]:
        """Names of the columns by which rows of one account differ."""
        if self.kind != "report":
            return self.key_columns
        return tuple(column.name for column in self.columns if column.role == "dimension")

    def dispensable(self, fields: Iterable[str]) -> dict[str, str]:
        """Returns the columns that are read from refused fields, if all of them can be spared.

        A field is named whole (`metrics.clicks`), by what it lies in (`customerJourneySummary`)
        or by its last part alone; the first of these that fits decides.

        Args:
            fields: names of a platform's error; one that no column is read from counts for nothing.

        Returns:
            Names of columns, each with its field; empty when one of them cannot be spared.
        """
        found = {column: name for name in fields for column in self._read_from(name)}
        if any(c.required or c.essential or c.name in self.key for c in found):
            return {}
        return {column.name: name for column, name in found.items()}

    def _read_from(self, field: str) -> list[Column]:
        names = {column: (column.asked_as, column.source) for column in self.columns}
        for fits in (
            lambda name: name == field,
            lambda name: name.startswith(f"{field}."),
            lambda name: name.endswith(f".{field}"),
        ):
            found = [column for column, known in names.items() if any(map(fits, known))]
            if found:
                return found
        return []

    @property
    def arrow_schema(self) -> pa.Schema:
        """The schema of the stream's own columns in the raw file, without the `_` columns."""
        return pa.schema([pa.field(column.name, column.type) for column in self.columns])

    def column(self, name: str) -> Column:
        """Returns one column by its name; KeyError if the stream has none of that name."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"stream {self.name} has no column {name!r}")
