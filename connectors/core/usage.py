"""What a client has used, and how long it may be used for one account."""

from __future__ import annotations

from dataclasses import dataclass, replace

from connectors.core.errors import ConnectorError, ServerTrouble

LONGEST_USE = 4 * 3600.0
"""Seconds that a client asks for one account. Reports that are made slowly take two hours, and what
was committed until then stays; a platform whose paging never ends would keep all others waiting."""


@dataclass(slots=True)
class Stats:
    """What a client has done.

    Attributes:
        requests: requests sent.
        retries: those among them that repeat another.
        bytes: bytes received (decompressed).
        waited: seconds of `Client.wait`, before they are scaled.
    """

    requests: int = 0
    retries: int = 0
    bytes: int = 0
    waited: float = 0.0

    def copy(self) -> Stats:
        """Returns the figures as they stand, to be compared with later ones."""
        return replace(self)


def took_too_long() -> ConnectorError:
    """Returns what ends an account that was asked for `LONGEST_USE`."""
    return ServerTrouble(
        f"this account has been asked for {LONGEST_USE / 3600:.0f} hours, and the others wait",
        remedy="Nothing to do: the next run goes on from what is committed. If it comes again, the "
        "platform's pages may have no end: report it with this message.",
    )
