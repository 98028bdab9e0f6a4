"""Ids of syncs: UUIDv7 (RFC 9562), ordered by time, never smaller than one already in the log."""

from __future__ import annotations

import secrets
import threading
import uuid
from collections.abc import Callable
from datetime import datetime

_RANDOM_BITS = 74  # rand_a (12) and rand_b (62), read as one counter below the millisecond


class SyncIds:
    """Generates sync ids in strictly increasing order; safe to share between threads.

    Args:
        now_fn: the pipeline's clock (aware datetime).
        largest_known: the largest id in the sync log, or None for an empty log.

    Raises:
        ValueError: ``largest_known`` is not a UUIDv7.
    """

    def __init__(self, now_fn: Callable[[], datetime], largest_known: str | None) -> None:
        self._now = now_fn
        self._lock = threading.Lock()
        self._last = _position(largest_known) if largest_known else -1

    def next(self) -> tuple[str, float]:
        """The next id and the seconds by which the clock had to be carried forward.

        The seconds are 0.0 unless the clock stands before the last id's time: then the id keeps
        the last id's millisecond and the difference is reported, for the log.
        """
        now = self._now()
        if now.tzinfo is None:
            raise ValueError("the clock of SyncIds must return an aware datetime")
        milliseconds = int(now.timestamp() * 1000)
        with self._lock:
            behind = (self._last >> _RANDOM_BITS) - milliseconds
            position = (milliseconds << _RANDOM_BITS) | secrets.randbits(_RANDOM_BITS)
            if behind >= 0:
                # A random step: two processes that start from the same log at the same frozen
                # instant still get different ids.
                position = self._last + 1 + secrets.randbits(48)
            self._last = position
        return _text(position), max(behind, 0) / 1000


def sync_time_milliseconds(sync_id: str) -> int:
    """Milliseconds since 1970 (UTC) that a sync id carries."""
    return _position(sync_id) >> _RANDOM_BITS


def _position(sync_id: str) -> int:
    try:
        number = uuid.UUID(sync_id)
    except ValueError as error:
        raise ValueError(f"{sync_id!r} is not a sync id (a UUIDv7)") from error
    if number.version != 7:
        raise ValueError(f"{sync_id!r} is not a sync id: UUID version {number.version}, not 7")
    value = number.int
    rand_a = (value >> 64) & 0xFFF
    rand_b = value & ((1 << 62) - 1)
    return ((value >> 80) << _RANDOM_BITS) | (rand_a << 62) | rand_b


def _text(position: int) -> str:
    milliseconds = position >> _RANDOM_BITS
    rand_a = (position >> 62) & 0xFFF
    rand_b = position & ((1 << 62) - 1)
    value = (milliseconds << 80) | (0x7 << 76) | (rand_a << 64) | (0b10 << 62) | rand_b
    return str(uuid.UUID(int=value))
