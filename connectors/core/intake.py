"""What a platform's streams are read by: windows that are asked for, or objects that land whole.

One interface. `Windows` here is the usual one, `LandedObjects` in `objects` the other.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol

from connectors.core.accounts import Account
from connectors.core.stream import Stream
from connectors.core.window import Window

if TYPE_CHECKING:
    from connectors.core.arrow import TypedPage

Ends = Literal["dates", "instants"]


class Reading(Protocol):
    """The pages of one chunk. What it covers and its schema are known once they are read."""

    def __iter__(self) -> Iterator[TypedPage]:
        """Yields the typed pages; raises a ConnectorError when the chunk cannot be loaded."""

    @property
    def schema(self) -> Mapping[str, Any]:
        """Of an object: its header and the types that were found, kept in the log as JSON."""

    @property
    def covered(self) -> Window | None:
        """The dates that an object replaces; None when it holds none, or they were asked for."""

    @property
    def is_due_again(self) -> bool:
        """Whether, once read, it must be iterated again: what it yielded before does not count."""


@dataclass(frozen=True, kw_only=True)
class Intake(ABC):
    """How a platform's data comes.

    Attributes:
        is_scheduled: each account is asked as often as its ``sync_frequency`` says; what is not
            scheduled comes by itself, and is looked for each time.
        is_local: it lies on this machine, in a landing folder: no platform is asked for it.
        keeps_to_start: nothing comes of days before a connection's first one.
        needs_zone: what is due of an account is unknown until its time zone is known.
    """

    is_scheduled: bool
    is_local: bool
    keeps_to_start: bool
    needs_zone: bool

    @abstractmethod
    def window_ends(self, stream: Stream) -> Ends | None:
        """Returns what the ends of a stream's windows are; None when it is not asked by window."""

    @abstractmethod
    def inspect(self, account: Account) -> Sequence[str]:
        """Returns remarks on the newest data of an account, nothing of which is loaded.

        Raises:
            ConnectorError: it could not be inspected.
        """


@dataclass(frozen=True, kw_only=True)
class Windows(Intake):
    """A platform that is asked for dates, for what changed since a cursor, or for whole lists."""

    is_scheduled: bool = True
    is_local: bool = False
    keeps_to_start: bool = True
    needs_zone: bool = True

    def window_ends(self, stream: Stream) -> Ends | None:
        """Returns dates of a report, instants of changes, None of a list."""
        ends: dict[str, Ends] = {"report": "dates", "changes": "instants"}
        return ends.get(stream.kind)

    def inspect(self, _account: Account) -> Sequence[str]:
        """Returns no remarks: what is asked for is not there before it is pulled."""
        return ()
