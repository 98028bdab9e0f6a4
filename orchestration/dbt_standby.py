"""A `tributary-dbt` that has imported dbt and waits for its arguments, while others still pull.

To import dbt and read its parsed project takes seconds. A run that will need both starts this
process first, and has them by the time that its rows have landed. It holds no lock and opens
no file of the home until it is given its arguments: from then on it is `tributary-dbt`. When its
standard input closes it ends, so it never outlives whoever started it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import IO

from orchestration import dbt_manifest
from orchestration.garbage import collect_rarely
from orchestration.settings import DBT_PROJECT_DIR, home_path
from warehouse.home import Home

_waiting: list[subprocess.Popen[bytes]] = []
"""At most one."""


@contextmanager
def standby() -> Iterator[None]:
    """Keeps a process ready for the next `take`; what was not taken ends with the block."""
    process = subprocess.Popen(
        [sys.executable, "-m", "orchestration.dbt_standby"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
        cwd=DBT_PROJECT_DIR,
    )
    _waiting.append(process)
    try:
        yield
    finally:
        if process in _waiting:
            _waiting.remove(process)
            _end(process)


def take(
    arguments: Sequence[str], environment: Mapping[str, str]
) -> subprocess.Popen[bytes] | None:
    """Makes the process that waits, if there is one, a `tributary-dbt` with these arguments.

    Args:
        arguments: dbt's.
        environment: all of it; the process forgets the one that it was started with.
    """
    while _waiting:
        process = _waiting.pop()
        assert process.stdin is not None
        try:
            with process.stdin as stdin:
                stdin.write(json.dumps([list(arguments), dict(environment)]).encode() + b"\n")
        except BrokenPipeError:
            _end(process)  # whoever asks starts one of its own
        else:
            return process
    return None


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ends a process that waits; it holds nothing."""
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()


def main(stdin: IO[str]) -> None:
    """Imports what a build needs, waits for one line, and does what it says."""
    collect_rarely()
    from dbt.adapters import duckdb as _adapter  # noqa: F401
    from dbt.cli import main as _commands  # noqa: F401

    from orchestration import dbt
    from orchestration import dbt_events as _events  # noqa: F401

    dbt_manifest.preload(Home(home_path()))
    line = stdin.readline()
    if not line:
        return
    arguments, environment = json.loads(line)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = [dbt_manifest.EXECUTABLE, *arguments]
    dbt.main()


if __name__ == "__main__":
    main(sys.stdin)
