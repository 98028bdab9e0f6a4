"""A circuit breaker that spares a platform that is down.

    closed ──(3 calls in a row failed)──▶ open ──(60 s)──▶ half-open ──(one call succeeds)──▶ closed
                                           ▲                   └──(it fails)──┐
                                           └──────────────────────────────────┘

It counts calls that failed after all their retries. While only one account fails, only that account
is refused, since one account's trouble must not stop another's; once two accounts have failed and
none has succeeded since, the platform is taken to be down and every account is refused.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

FAILURES_TO_OPEN = 3
COOL_DOWN_SECONDS = 60.0

State = Literal["closed", "open", "half-open"]


@dataclass(slots=True)
class _Circuit:
    failures: int = 0
    opened_at: float | None = None
    probing: bool = False


class Breaker:
    """The circuits of one platform: one per account, and the verdict over all of them."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._circuits: dict[str, _Circuit] = {}
        self._last_success: float | None = None
        self._lock = threading.Lock()

    def state(self, account: str, cool_down: float = COOL_DOWN_SECONDS) -> State:
        """Returns the state that a call for this account would meet."""
        with self._lock:
            circuit = self._deciding(account)
            return self._state_of(circuit, cool_down) if circuit else "closed"

    def admit(self, account: str, cool_down: float = COOL_DOWN_SECONDS) -> float:
        """Asks to make a call. Returns 0 if it may go out, else the seconds until it may.

        In the half-open state one call goes out as a probe and the others wait for its verdict.
        """
        with self._lock:
            circuit = self._deciding(account)
            if circuit is None or circuit.opened_at is None:
                return 0.0
            remaining = circuit.opened_at + cool_down - self._monotonic()
            if remaining > 0:
                return remaining
            if circuit.probing:
                return max(cool_down, 1.0)
            circuit.probing = True
            return 0.0

    def succeeded(self, account: str) -> None:
        """The platform answered (an error of ours counts: it is up)."""
        with self._lock:
            self._circuits.pop(account, None)
            self._last_success = self._monotonic()
            for circuit in self._circuits.values():
                circuit.probing = False

    def abandoned(self) -> None:
        """A call ended without a verdict (it was interrupted): the next one may probe."""
        with self._lock:
            for circuit in self._circuits.values():
                circuit.probing = False

    def failed(self, account: str) -> None:
        """A call failed after all its retries."""
        with self._lock:
            circuit = self._circuits.setdefault(account, _Circuit())
            circuit.failures += 1
            probe = any(each.probing for each in self._circuits.values())
            for each in self._circuits.values():
                each.probing = False
                if probe and each.opened_at is not None:
                    each.opened_at = self._monotonic()
            if circuit.failures >= FAILURES_TO_OPEN:
                circuit.opened_at = self._monotonic()

    def _deciding(self, account: str) -> _Circuit | None:
        """The circuit that decides for an account: its own, or the latest of a platform outage."""
        opened = [c for c in self._circuits.values() if c.opened_at is not None]
        since = self._last_success
        down = [c for c in opened if since is None or (c.opened_at or 0.0) >= since]
        if len(down) >= 2:
            return max(down, key=lambda circuit: circuit.opened_at or 0.0)
        own = self._circuits.get(account)
        return own if own in opened else None

    def _state_of(self, circuit: _Circuit, cool_down: float) -> State:
        if circuit.opened_at is None:
            return "closed"
        return "open" if self._monotonic() < circuit.opened_at + cool_down else "half-open"


class Breakers:
    """The breakers of this process, one per platform address."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._breakers: dict[str, Breaker] = {}
        self._lock = threading.Lock()

    def of(self, platform: str) -> Breaker:
        """Returns the breaker of one platform, made on first use."""
        with self._lock:
            if platform not in self._breakers:
                self._breakers[platform] = Breaker(self._monotonic)
            return self._breakers[platform]


SHARED_BREAKERS = Breakers()
