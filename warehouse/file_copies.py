"""Copies and links of large files, by the cheapest way the file system has."""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
from pathlib import Path

FICLONE = 0x40049409  # linux/fs.h: share the extents of a whole file
_NO_REFLINK = frozenset(
    {errno.EOPNOTSUPP, errno.ENOTTY, errno.EXDEV, errno.EINVAL, errno.ENOSYS, errno.EPERM}
)
_COPY_BYTES = 1 << 30


def copy_file(source: Path, target: Path) -> str:
    """Copies a file; returns how: ``reflink``, ``copy_file_range`` or ``copy``.

    The target's content is not fsynced.

    Raises:
        FileExistsError: the target exists.
        OSError: reading or writing failed (ENOSPC among them).
    """
    with open(source, "rb") as read, open(target, "xb") as write:
        if _reflink(read.fileno(), write.fileno()):
            return "reflink"
        if _copy_in_kernel(read.fileno(), write.fileno()):
            return "copy_file_range"
        read.seek(0)
        write.seek(0)
        write.truncate()
        shutil.copyfileobj(read, write, 1 << 20)
        return "copy"


def link_or_copy(source: Path, target: Path) -> None:
    """Makes a second name of a file, or a copy where there are no hard links."""
    try:
        os.link(source, target)
    except OSError as error:
        if error.errno not in {*_NO_REFLINK, errno.EMLINK}:
            raise
        copy_file(source, target)


def _reflink(read: int, write: int) -> bool:
    try:
        fcntl.ioctl(write, FICLONE, read)
    except OSError as error:
        if error.errno not in _NO_REFLINK:
            raise
        return False
    return True


def _copy_in_kernel(read: int, write: int) -> bool:
    left = os.fstat(read).st_size
    try:
        while left > 0:
            copied = os.copy_file_range(read, write, min(left, _COPY_BYTES))
            if copied == 0:
                return False
            left -= copied
    except OSError as error:
        if error.errno not in _NO_REFLINK:
            raise
        return False
    return True
