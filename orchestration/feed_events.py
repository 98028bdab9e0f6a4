"""What a feed reports about the chunks of its account."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from connectors.core.accounts import Account
from connectors.core.arrow import TypedPage
from connectors.core.errors import ConnectorError
from connectors.core.window import Window
from orchestration.due.chunks import Chunk


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


@dataclass(frozen=True, slots=True)
class ChunkEnd:
    """The current chunk is over, with what it cost; `error` is None when it succeeded.

    Of an object, `covered` holds the dates that it covers and `schema` what it was like.
    `left_out` names columns that the platform refused and that the chunk has come without.
    """

    error: ConnectorError | None
    requests: int
    retries: int
    bytes: int
    seconds: float
    covered: Window | None = None
    schema: Mapping[str, Any] | None = None
    left_out: frozenset[str] = frozenset()


Event = ChunkBegin | ChunkRestart | ChunkSplit | TypedPage | ChunkEnd
