"""Files that are written only when their content changes."""

from __future__ import annotations

import os
from pathlib import Path

from warehouse.durable_files import disk_guard, ensure_directory, temporary_for


def write_changed(path: Path, content: bytes) -> bool:
    """Replaces a file unless it has this content; reports whether it did.

    A reader sees the old file or the new one. It is not forced to the disk: what a power cut takes
    differs from what the next report finds, and is written again.

    Raises:
        LakeFull: the disk is full; the old content is still there.
    """
    if path.exists() and path.read_bytes() == content:
        return False
    ensure_directory(path.parent)
    temporary = temporary_for(path)
    try:
        with disk_guard(path.parent):
            temporary.write_bytes(content)
            os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
    return True
