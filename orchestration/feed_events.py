"""What a feed reports about the chunks of its account."""

from dataclasses import dataclass
from datetime import datetime

from connectors.core.accounts import Account
from connectors.core.arrow import TypedPage
from orchestration.due.chunks import Chunk
from warehouse.sync_rows import Outcome


@dataclass(frozen=True, slots=True)
class ChunkBegin:
    """A chunk is about to be fetched."""

    account: Account
    chunk: Chunk
    fetch_started_at: datetime


@dataclass(frozen=True, slots=True)
class ChunkRestart:
    """What the current chunk has brought must be thrown away; it is fetched again."""

    fetch_started_at: datetime


@dataclass(frozen=True, slots=True)
class ChunkSplit:
    """The current chunk was too much at once: it is given up, and chunks of its halves follow."""


Event = ChunkBegin | ChunkRestart | ChunkSplit | TypedPage | Outcome
"""An `Outcome` ends a chunk; the fields that the schema does not know are left to the reader."""
