"""File systems for tests: one that can really be full, and one that nobody can write."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

BLOCK = 4096


class SmallDisk:
    """A file system in memory.

    Attributes:
        path: where it is.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._ballast = path / "ballast"

    def fill(self, leave: int = 0) -> None:
        """Fills it, but for some bytes."""
        free = shutil.disk_usage(self.path).free
        with self._ballast.open("ab") as file:
            for _ in range(max(free - leave, 0) // BLOCK):
                file.write(bytes(BLOCK))

    def make_room(self) -> None:
        """Takes away what it was filled with."""
        self._ballast.unlink()


@contextmanager
def small_disk(path: Path, megabytes: int) -> Iterator[SmallDisk]:
    """Mounts one; the test is skipped where that is not allowed."""
    with _mounted(path, "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs"):
        yield SmallDisk(path)


@contextmanager
def read_only_mount(folder: Path, path: Path) -> Iterator[Path]:
    """Shows a folder at a second place, where nothing can be written; skipped as above."""
    with _mounted(path, "--bind", "-o", "ro", str(folder)):
        yield path


@contextmanager
def _mounted(path: Path, *what: str) -> Iterator[None]:
    path.mkdir(parents=True)
    try:
        subprocess.run(["mount", *what, str(path)], check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"no file system can be mounted here: {getattr(error, 'stderr', error)}")
    try:
        yield
    finally:
        # Lazily: what a test left open must not keep the next ones from running.
        subprocess.run(["umount", "--lazy", str(path)], check=True)
