"""The packages of a client of the published file, apart from ours.

`<name>.txt` beside this file pins them; `make lock-clients` writes it.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

HERE = Path(__file__).parent
SECONDS = 300


def packages(name: str, cache: Path) -> Path:
    """Returns a folder that holds a client's packages and nothing else.

    It is kept in ``cache`` for the next time. The test is skipped where they cannot be had.
    """
    pinned = HERE / f"{name}.txt"
    digest = hashlib.sha256(pinned.read_bytes() + sys.version.encode()).hexdigest()[:12]
    ready = cache / f"{name}-{digest}"
    if not ready.exists():
        # Another process may do the same: whoever is first stays.
        unfinished = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=cache))
        try:
            _install(pinned, unfinished)
            try:
                unfinished.rename(ready)
            except OSError:
                if not ready.exists():
                    raise
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
    return ready


def _install(pinned: Path, target: Path) -> None:
    uv = Path(sys.executable).parent / "uv"
    if not uv.exists():
        pytest.skip("uv is not in the environment: `make test` installs it")
    command = [uv, "pip", "install", "-q", "--python", sys.executable, "--target", target]
    only = ["--no-deps", "--only-binary", ":all:", "--require-hashes", "-r", pinned]
    try:
        done = subprocess.run(
            [*command, *only], capture_output=True, text=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        pytest.skip(f"{pinned.name} could not be installed within {SECONDS} s")
    if done.returncode != 0:
        pytest.skip(f"{pinned.name} could not be installed: {done.stderr.strip()[-300:]}")
