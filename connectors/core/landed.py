"""What platforms of landed files share: names of unfinished copies, digests, printable names."""

from __future__ import annotations

import hashlib
import os
from functools import lru_cache

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
