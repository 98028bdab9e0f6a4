"""Objects that land whole (files): found, loaded once, and told apart by what they hold.

A platform that declares `objects` has no windows. Each object is one chunk of a sync: either all of
it becomes visible or nothing. Which objects are due is decided from the sync log, which keeps the
name, the digest and the schema of each object that was loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from connectors.core.accounts import Account
from connectors.core.arrow import TypedPage
from connectors.core.personal import Hasher
from connectors.core.window import Window

Kind = Literal["report", "changes", "snapshot"]


@dataclass(frozen=True, slots=True)
class DataObject:
    """One complete object.

    Attributes:
        name: as people know it, printable; stored in the log.
        digest: SHA-256 of the content, in hexadecimal.
        size: in bytes.
        modified: when it was last written (aware).
        locator: where its reader finds it.
        revision: of the rules by which it is read; a changed one makes it due again.
    """

    name: str
    digest: str
    size: int
    modified: datetime
    locator: str
    revision: str


@dataclass(frozen=True, slots=True)
class LoadedObject:
    """An object as a succeeded row of the log tells of it.

    Attributes:
        rows: rows that were loaded.
        rejected_rows: rows that went to quarantine.
        schema: what `ObjectReading.schema` said, and `revision`, `modified` and `size`.
    """

    name: str
    digest: str
    revision: str
    modified: datetime
    rows: int
    rejected_rows: int
    schema: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DueObject:
    """An object to be loaded, with the one that was loaded before it (None for the first)."""

    data: DataObject
    previous: LoadedObject | None = None


class ObjectReading(Protocol):
    """The pages of one object. What it covers and its schema are known once they are read."""

    def __iter__(self) -> Iterator[TypedPage]:
        """Yields the typed pages; raises a ConnectorError when the object cannot be loaded."""

    @property
    def schema(self) -> Mapping[str, Any]:
        """The header and the types that were found, to be kept in the log as JSON."""

    @property
    def covered(self) -> Window | None:
        """Of a report: the dates that the object replaces; None when it holds none."""

    @property
    def is_due_again(self) -> bool:
        """Whether, once read, it must be iterated again: what it yielded before does not count."""


@dataclass(frozen=True, slots=True)
class ObjectSource:
    """What a platform of objects can do.

    Attributes:
        kind: of which kind a connection's objects are.
        stream: which stream a connection feeds; all the others pass it by.
        in_order: whether an object that fails holds back those that came after it.
        find: the complete objects of a connection, oldest first; half-written ones are left out.
            Its second argument says whether it may wait a moment to see if one is complete.
        read: the typed pages of one object.
        inspect: remarks on the newest object of a connection, nothing of which is loaded; raises a
            ConnectorError when it could not be.
    """

    kind: Callable[[Account], Kind]
    stream: Callable[[Account], str]
    in_order: Callable[[Account], bool]
    find: Callable[[Account, bool], Sequence[DataObject]]
    read: Callable[[Account, DueObject, Hasher | None], ObjectReading]
    inspect: Callable[[Account], Sequence[str]]
