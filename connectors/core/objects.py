"""Objects that land whole (files): found, loaded once, and known by what they hold.

A platform of `LandedObjects` has no windows. Each object is one chunk of a sync: either all of it
becomes visible or nothing. Which objects are due is decided from the sync log, which keeps the
name, the digest and the schema of each object that was loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from connectors.core.accounts import Account
from connectors.core.intake import Ends, Intake, Reading
from connectors.core.personal import Hasher
from connectors.core.stream import Kind, Stream


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
    """An object as a succeeded row of the log describes it.

    Attributes:
        rows: rows that were loaded.
        rejected_rows: rows that went to quarantine.
        schema: what `Reading.schema` said, and `revision`, `modified` and `size`.
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


@dataclass(frozen=True, kw_only=True)
class LandedObjects(Intake):
    """Objects that come by themselves and are read whole.

    Attributes:
        kind: of which kind a connection's objects are.
        stream: which stream a connection feeds; all the others pass it by.
        in_order: whether an object that fails holds back those that came after it.
        find: the complete objects of a connection, oldest first; half-written ones are left out.
            Its second argument says whether it may wait a moment to see if one is complete.
        read: the typed pages of one object.
        remarks: what `inspect` returns.
    """

    is_scheduled: bool = False
    is_local: bool = True
    keeps_to_start: bool = False
    needs_zone: bool = False

    kind: Callable[[Account], Kind]
    stream: Callable[[Account], str]
    in_order: Callable[[Account], bool]
    find: Callable[[Account, bool], Sequence[DataObject]]
    read: Callable[[Account, DueObject, Hasher | None], Reading]
    remarks: Callable[[Account], Sequence[str]]

    def window_ends(self, _stream: Stream) -> Ends | None:
        """Returns None: what an object covers is known once it is read."""
        return None

    def inspect(self, account: Account) -> Sequence[str]:
        """Returns remarks on the newest object of a connection."""
        return self.remarks(account)
