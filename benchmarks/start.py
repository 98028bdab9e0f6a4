"""Seconds from `tributary run` to its first API call, and of a run that finds nothing new."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median

from benchmarks import processes
from benchmarks.report import Figure, Outcome
from connectors.sandbox.server import SandboxClient, SandboxProcess

TRIBUTARY = str(Path(sys.executable).with_name("tributary"))
NOW = datetime.fromisoformat("2026-11-16T06:00:00+00:00")
REPEATS = 3
POLL_SECONDS = 0.02


class Runs:
    """`tributary run` on one home against one sandbox."""

    def __init__(self, sandbox: SandboxClient, folder: Path) -> None:
        self._sandbox = sandbox
        self._environment = processes.clean_environment(
            TRIBUTARY_HOME=str(folder / "home"),
            TRIBUTARY_KEY_FILE=str(folder / "key"),
            TRIBUTARY_SANDBOX=sandbox.url,
            # The pace kept towards a platform is not what is measured.
            TRIBUTARY_RETRY_BASE="0.02",
        )
        self._at(NOW)
        path = "benchmarks.pull_path"
        processes.run(path, "connect", sandbox.url, environment=self._environment)

    def run(self, now: datetime, *options: str) -> tuple[float, float]:
        """Runs once; returns seconds to the first API call (0 for none) and to the end.

        Args:
            now: where the clock stands.
            options: of `tributary run`.

        Raises:
            RuntimeError: the run failed.
        """
        self._at(now)
        self._sandbox.forget_requests()
        began = time.perf_counter()
        process = subprocess.Popen(
            [TRIBUTARY, "run", "--json", *options],
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        first = 0.0
        while process.poll() is None and not first:
            if self._sandbox.requests()["count"]:
                first = time.perf_counter() - began
            time.sleep(POLL_SECONDS)
        printed, _ = process.communicate()
        if process.returncode:
            raise RuntimeError(f"tributary run failed:\n{printed[-4000:]}")
        return first, time.perf_counter() - began

    def google_account(self) -> str:
        """Returns the first connection to Google Ads, as ``organization/platform/account``."""
        listed = subprocess.run(
            [TRIBUTARY, "connections", "list", "--json"],
            env=self._environment,
            stdout=subprocess.PIPE,
            check=True,
        )
        found = json.loads(listed.stdout)
        labels = [one["connection"] for one in found]
        return next(label for label in labels if "/google_ads/" in label)

    def _at(self, now: datetime) -> None:
        self._environment["TRIBUTARY_NOW"] = now.isoformat()
        self._sandbox.set_clock(now)


def measure(quick: bool) -> Outcome:
    """Runs on an empty home, at the same clock (nothing is due), an hour later, and one account."""
    days = 30 if quick else 120
    process = SandboxProcess("--days", str(days), now=NOW.isoformat())
    with tempfile.TemporaryDirectory() as folder, process as sandbox:
        runs = Runs(sandbox, Path(folder))
        _, whole = runs.run(NOW)
        idle = [runs.run(NOW) for _ in range(REPEATS)]
        hours = [NOW + timedelta(hours=n) for n in range(1, REPEATS + 1)]
        again = [runs.run(hour) for hour in hours]
        account = runs.google_account()
        # Within the hour: where the day of an organization moves, a run looks at everything.
        later = [hours[-1] + timedelta(minutes=10 * n) for n in range(1, REPEATS + 1)]
        one = [runs.run(moment, "--connection", account) for moment in later]
    return Outcome(
        "start",
        f"`tributary run` as a process: pull of all platforms ({days} days of business), dbt build "
        "with its tests, publish. Medians of three, after the first.",
        [
            Figure("first API call after the start", median(first for first, _ in again), "s"),
            Figure("whole run, nothing due", median(total for _, total in idle), "s"),
            Figure("whole run, 30 days pulled again", median(total for _, total in again), "s"),
            Figure("one connection's hour", median(total for _, total in one), "s"),
            Figure("first run on an empty home", whole, "s"),
        ],
    )
