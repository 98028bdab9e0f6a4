"""Processes that are killed in the middle of their work, without the wait for each to start."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

from tests.patience import PATIENCE_SECONDS

ROOT = Path(__file__).resolve().parents[2]

_PARENT = """
import os, signal, sys
from datetime import date
from pathlib import Path
from warehouse.home import Home
{imports}
for line in sys.stdin:
    child = os.fork()
    if child == 0:
        home = Home(Path(sys.argv[1]))
        {work}
        os._exit(0)
    sys.stdin.readline()
    os.kill(child, signal.SIGKILL)
    print(os.waitpid(child, 0)[1], flush=True)
"""


class Victims:
    """Forks of one process that has imported everything and opened nothing.

    Args:
        home: the home they work on.
        imports: Python that is run once.
        work: an expression that each of them runs, of ``home``.
    """

    def __init__(self, home: Path, imports: str, work: str) -> None:
        self._parent = subprocess.Popen(
            [sys.executable, "-c", _PARENT.format(imports=imports, work=work), str(home)],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._parent.communicate(timeout=PATIENCE_SECONDS)

    def kill_one(self, begun: Callable[[], bool], seconds: float) -> None:
        """Starts one, kills it some time after ``begun`` is true, and waits for its end."""
        assert self._parent.stdin is not None
        assert self._parent.stdout is not None
        self._parent.stdin.write("start\n")
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not begun():
            assert time.monotonic() < deadline, "it never began"
            time.sleep(0.001)
        time.sleep(seconds)
        self._parent.stdin.write("kill\n")
        assert self._parent.stdout.readline(), "the parent of the victims is gone"
