"""Complete files of a collector in its landing folder: found, never touched."""

from __future__ import annotations

import os
import stat
import time
from datetime import UTC, datetime
from pathlib import Path

from connectors.core.landed import MARKER, UNFINISHED, digest_of, identity_of, printable
from connectors.core.objects import DataObject
from connectors.platforms.events.lines import SUFFIXES

SETTLED_SECONDS = 2.0
"""How long a file must stand still to count as complete, unless a marker stands beside it."""


def objects(folder: Path, revision: str) -> list[DataObject]:
    """Returns the complete files of a folder and those below it, oldest first.

    Links are not followed. A file that is still being written is there at the next look.
    """
    found = []
    for path in _listed(folder):
        try:
            state = os.stat(path, follow_symlinks=False)
            if not stat.S_ISREG(state.st_mode) or not _is_complete(path, state):
                continue
            digest = digest_of(str(path), identity_of(state))
        except OSError:
            continue  # it is gone, or may not be read: it has no content that could be loaded
        modified = datetime.fromtimestamp(state.st_mtime, UTC)
        name = printable(str(path.relative_to(folder)))
        found.append(DataObject(name, digest, state.st_size, modified, str(path), revision))
    return sorted(found, key=lambda one: (one.modified, one.name))


def _listed(folder: Path) -> list[Path]:
    found = []
    for below, folders, names in os.walk(folder, followlinks=False):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [Path(below, name) for name in names if _is_of_events(name.lower())]
    return found


def _is_of_events(name: str) -> bool:
    return not name.startswith((".", "~$")) and name.endswith(SUFFIXES)


def _is_complete(path: Path, state: os.stat_result) -> bool:
    if path.name.lower().endswith(UNFINISHED):
        return False
    if time.time() - state.st_mtime >= SETTLED_SECONDS:
        return True
    return path.with_name(path.name + MARKER).exists()
