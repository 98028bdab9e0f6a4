"""What platforms of landed files share: nothing is asked for; states and digests of files."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from functools import lru_cache

from connectors.core.accounts import Account
from connectors.core.errors import BadRequest, ConnectorError
from connectors.core.http import Client
from connectors.core.replies import Reply
from connectors.core.stream import Page
from connectors.core.window import Window

UNFINISHED = (
    ".tmp", ".temp", ".part", ".partial", ".filepart", ".crdownload", ".download", ".swp",
    ".uploading", ".inprogress", "~",
)  # fmt: skip
"""How the names of copies end that are still being written."""
MARKER = ".done"
"""Ends the name of the empty file beside a file that is complete."""
PIECE = 1 << 20
"""Bytes that are read at once."""

Identity = tuple[int, int, int, int]
"""Device, inode, size and time of modification: the same file with the same content."""


def identity_of(found: os.stat_result) -> Identity:
    """Returns what stays the same as long as a file does."""
    return (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)


@lru_cache(maxsize=100_000)
def digest_of(path: str, _identity: Identity) -> str:
    """Returns the SHA-256 of a file's content, worked out once as long as the file is the same."""
    digest = hashlib.sha256()
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with open(descriptor, "rb") as file:
        while piece := file.read(PIECE):
            digest.update(piece)
    return digest.hexdigest()


def printable(name: str) -> str:
    """Returns a name for logs and terminals: control characters and broken bytes are escaped."""
    encoded = name.encode("utf-8", "backslashreplace").decode()
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in encoded)


def no_pages(_client: Client, _account: Account, _window: Window | None) -> Iterator[Page]:
    """What lands has no windows: it is read as objects.

    Raises:
        BadRequest: always.
    """
    raise BadRequest("what lands comes by itself; it is not asked for by window")


def no_accounts(_client: Client) -> Iterator[Account]:
    """Nobody can list the sources there could be: each is named by whoever adds it."""
    return iter(())


def no_error(_reply: Reply) -> ConnectorError | None:
    """Nothing is asked for over the network."""
    return None
