"""Fresh processes whose time and memory are measured whole."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Run:
    """One finished process.

    Attributes:
        seconds: from its start to its end, imports included.
        result: what it printed last, read as JSON.
    """

    seconds: float
    result: dict[str, Any]

    @property
    def peak_megabytes(self) -> float:
        """Largest resident memory, as the process told it by ``say``."""
        return float(self.result["peak_bytes"]) / 1e6

    @property
    def cpu_per_million(self) -> float:
        """Processor seconds of all its threads per million rows."""
        return float(self.result["cpu_seconds"]) / float(self.result["rows"]) * 1e6

    @property
    def rows_per_second(self) -> float:
        """Rows that the process told of, by its whole time."""
        return float(self.result["rows"]) / self.seconds


def clean_environment(**more: str) -> dict[str, str]:
    """This process' environment without anybody's Tributary or Dagster settings."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("TRIBUTARY_", "DAGSTER_"))}
    return {**kept, "PYTHONPATH": str(ROOT), **more}


def run(module: str, *arguments: str, environment: Mapping[str, str]) -> Run:
    """Runs ``python -m module`` to its end.

    Raises:
        RuntimeError: it failed; the message ends with what it printed.
    """
    return run_command([sys.executable, "-m", module, *arguments], environment)


def run_command(command: Sequence[str], environment: Mapping[str, str]) -> Run:
    """Runs a command to its end; the last line that it prints is its result, as JSON.

    Raises:
        RuntimeError: it failed; the message ends with what it printed.
    """
    began = time.perf_counter()
    done = subprocess.run(
        list(command),
        cwd=ROOT,
        env=dict(environment),
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = time.perf_counter() - began
    if done.returncode:
        raise RuntimeError(
            f"{' '.join(command)} failed:\n{done.stdout[-2000:]}{done.stderr[-4000:]}"
        )
    lines = done.stdout.strip().splitlines()
    return Run(seconds, json.loads(lines[-1]) if lines else {})


def say(**result: Any) -> None:
    """Prints a child's result, its peak memory and its processor time as one line, its last."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    cost = {"peak_bytes": peak_bytes(), "cpu_seconds": usage.ru_utime + usage.ru_stime}
    print(json.dumps({**result, **cost}), flush=True)


def peak_bytes() -> int:
    """Largest resident memory of this process so far.

    ``ru_maxrss`` is not reset by exec: a child starts with what its parent had. Linux tells the
    peak of this program alone.
    """
    try:
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    except FileNotFoundError:
        pass
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


@contextmanager
def server(module: str, *arguments: str) -> Iterator[str]:
    """Runs a server that prints its URL first and ends when its standard input closes."""
    process = subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env=clean_environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        if not url.startswith("http://"):
            raise RuntimeError(f"{module} did not start")
        yield url
    finally:
        process.kill()
        process.communicate()
