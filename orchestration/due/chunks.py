"""A pull, the chunks that it fetches, and the planner that decides which are due and reads them.

Each intake (`connectors.core.intake`) has its planner: `windows` and `objects`. `intakes` chooses;
everything else works on what stands here.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace

from connectors.core import clock
from connectors.core.accounts import Account
from connectors.core.errors import ConnectorError
from connectors.core.extraction import halves
from connectors.core.http import Client
from connectors.core.intake import Reading
from connectors.core.objects import DataObject, LoadedObject
from connectors.core.personal import Hasher
from connectors.core.platform import Platform
from connectors.core.stream import Kind, Stream
from connectors.core.window import Window
from orchestration.sources import Source
from orchestration.workspace import Workspace
from warehouse.home import Home
from warehouse.sync_log import SyncLog
from warehouse.sync_rows import Mode


@dataclass(frozen=True, slots=True)
class Pull:
    """A stream to be pulled, with everything that does not depend on the account.

    Attributes:
        window: an explicit range of dates (a backfill) or None for whatever is due.
        resumes: killed runs of that very backfill: what they committed is not fetched again.
        tried: (connection, digest) of landed lists that this pull has had.
        replay: of landed objects only those marked for loading again with this word.
        unasked: the window is meant for others, whom this stream serves: of it only what is due.
    """

    home: Home
    platform: Platform
    stream: Stream
    run_id: str
    window: Window | None = None
    resumes: frozenset[str] = frozenset()
    tried: frozenset[tuple[str, str]] = frozenset()
    replay: str | None = None
    unasked: bool = False

    @property
    def mode(self) -> Mode:
        """How the log files it: a snapshot is full, an explicit window is a backfill."""
        if self.stream.kind == "snapshot":
            return "full"
        return "backfill" if self.window else "incremental"


@dataclass(frozen=True, slots=True)
class Chunk:
    """What becomes visible whole or not at all.

    Attributes:
        kind: of which kind its rows are.
        window: what is asked for; None for a whole list and for an object.
        data: the object that landed; None for what is asked for.
        previous: the object that was loaded before it.
        least_rows: of a whole list: with fewer it is refused.
    """

    kind: Kind
    window: Window | None = None
    data: DataObject | None = None
    previous: LoadedObject | None = None
    least_rows: int = 0

    def halves(self) -> list[Chunk]:
        """Returns the smaller chunks that stand for one that is too much at once, if there are."""
        return [replace(self, window=half) for half in halves(self.window)]


class Planner(ABC):
    """Decides which chunks of a stream are due, from the log as it stood at the start."""

    @abstractmethod
    def __init__(self, job: Pull, log: SyncLog) -> None:
        self._job, self._now = job, clock.now()

    @abstractmethod
    def chunks(self, source: Source, account: Account) -> list[Chunk]:
        """Returns the chunks of an account to fetch, oldest first."""

    @abstractmethod
    def refused(self, source: Source) -> Chunk | None:
        """Returns the chunk that stands for all that an account which is refused lacks, if any."""

    @abstractmethod
    def read(
        self, chunk: Chunk, account: Account, client: Client, hash_pii: Hasher | None
    ) -> Reading:
        """Returns the pages of a chunk; raises a ConnectorError when it cannot be read."""

    @abstractmethod
    def is_the_end(self, account: Account, error: ConnectorError, succeeded: bool) -> bool:
        """Returns whether a chunk that failed leaves all that follow it for the next run."""

    @staticmethod
    def waiting(_space: Workspace, _platform: Platform) -> list[str]:
        """Returns the key of each object that came by itself and that no row of the log names."""
        return []
