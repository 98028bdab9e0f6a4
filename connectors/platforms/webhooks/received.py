"""One request as it came: nothing of it is parsed before it is verified."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl


@dataclass(slots=True)
class Received:
    """A request of a sender.

    Attributes:
        method: in capitals.
        url: as the sender calls it, its query included: of the configured public address, since
            the header `Host` is whatever the caller writes.
        query: the raw query, without its `?`.
        headers: names in lower case, with repetitions.
        body: the bytes as they were sent.
    """

    method: str
    url: str = ""
    query: str = ""
    headers: Sequence[tuple[bytes, bytes]] = ()
    body: bytes = b""

    def header(self, name: str) -> str | None:
        """Returns a header; None when it is missing, repeated, or not plain ASCII."""
        wanted = name.lower().encode()
        found = [value for key, value in self.headers if key == wanted]
        if len(found) != 1:
            return None
        try:
            return found[0].decode("ascii").strip(" \t")
        except UnicodeDecodeError:
            return None

    def parameters(self) -> dict[str, str]:
        """Returns the query's parameters; of one that is repeated the first."""
        found: dict[str, str] = {}
        for name, value in parse_qsl(self.query, keep_blank_values=True):
            found.setdefault(name, value)
        return found
