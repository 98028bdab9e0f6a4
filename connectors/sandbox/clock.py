"""The sandbox's clock: what it was set to, else TRIBUTARY_NOW, else the wall clock."""

from __future__ import annotations

from datetime import UTC, datetime

from connectors.core import clock


class SandboxClock:
    """A clock that can be set while the server runs."""

    def __init__(self) -> None:
        self._set: datetime | None = None

    def now(self) -> datetime:
        """Returns the current instant of the simulated world, in UTC."""
        return self._set if self._set is not None else clock.now()

    def set(self, instant: datetime | None) -> None:
        """Freezes the clock at an instant, or lets it go with None.

        Raises:
            ValueError: The instant has no time zone.
        """
        if instant is not None and instant.tzinfo is None:
            raise ValueError(f"{instant.isoformat()} has no time zone; write e.g. a Z behind it")
        self._set = None if instant is None else instant.astimezone(UTC)
