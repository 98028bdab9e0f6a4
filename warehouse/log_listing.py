"""Where the files of the sync log are, and what tells their rows apart. Nothing is read here."""

from __future__ import annotations

import os
from pathlib import Path

KEY = ("sync_id", "stream", "connection_id", "chunk_id")
"""Identity of a log row."""

READ_ATTEMPTS = 50
"""How often readers list the files anew when compaction removes one that they listed."""


def stable_listing(directory: Path) -> list[str]:
    """The Parquet files below a directory, listed until two listings agree.

    A single listing may miss both a file that was removed and the one that took its place while
    it ran; two equal ones cannot.
    """
    listing = _listing(directory)
    while (again := _listing(directory)) != listing:
        listing = again
    return listing


def _listing(directory: Path) -> list[str]:
    return sorted(
        os.path.join(parent, name)
        for parent, _, names in os.walk(directory)
        for name in names
        if name.endswith(".parquet") and not name.startswith(".")
    )
