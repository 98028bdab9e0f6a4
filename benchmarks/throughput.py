"""Rows per second and peak memory from API to committed Parquet, next to the floor and dlt."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import yaml

from benchmarks import processes
from benchmarks.feeds import GOOGLE, NOW, SHOPIFY, SUBJECTS, Subject
from benchmarks.processes import ROOT, Run
from benchmarks.report import Figure, Outcome
from connectors.sandbox.server import SandboxClient, SandboxProcess

REPEATS = 3
GATE_SHARE = 70.0
GATE_MEGABYTES = 400.0
LARGE_ROWS = 5_000_000
DLT = ROOT / ".venv-dlt" / "bin" / "python"


@dataclass(frozen=True, slots=True)
class Measured:
    """The interleaved runs over one subject's pages."""

    subject: Subject
    ours: Sequence[Run]
    floor: Sequence[Run]
    dlt: Sequence[Run]

    @property
    def share(self) -> float:
        """Ours by the floor, in percent."""
        pairs = zip(self.ours, self.floor, strict=True)
        return 100 * median(one.rows_per_second / other.rows_per_second for one, other in pairs)


class Stage:
    """Recorded pages with what it takes to fetch them our way, the floor's way and dlt's."""

    def __init__(self, subject: Subject, url: str, folder: Path, connections: str) -> None:
        self._subject, self._folder = subject, folder
        self._environment = processes.clean_environment(
            TRIBUTARY_HOME=str(folder / "home"),
            TRIBUTARY_KEY_FILE=str(folder / "key"),
            TRIBUTARY_SANDBOX=url,
            TRIBUTARY_NOW=NOW,
            # Lifts the pace that we keep towards a platform.
            TRIBUTARY_RETRY_BASE="0.01",
        )
        declared = yaml.safe_load(connections)
        connection = next(
            one for one in declared["connections"] if one["platform"] == subject.platform
        )
        secrets = next(
            one["secrets"] for one in declared["credentials"]
            if one["id"] == connection["credential"]
        )  # fmt: skip
        self._feed = folder / "feed.json"
        self._feed.write_text(json.dumps(subject.feed(url, connection, secrets).record()))

    def connect(self, sandbox: SandboxClient) -> None:
        """Connects the account, and reads all once so that every page is recorded."""
        path = "benchmarks.pull_path"
        processes.run(path, "connect", sandbox.url, environment=self._environment)
        self.ours(1)
        self.floor(1)

    def ours(self, windows: int) -> Run:
        """Our path, whole process."""
        subject = self._subject
        arguments = ("pull", subject.platform, subject.stream, str(subject.days * windows))
        return processes.run("benchmarks.pull_path", *arguments, environment=self._environment)

    def floor(self, windows: int) -> Run:
        """The floor, whole process."""
        arguments = (str(self._feed), str(windows), str(self._folder / "floor.parquet"))
        return processes.run("benchmarks.floor_path", *arguments, environment=self._environment)

    def dlt(self) -> Run:
        """dlt to DuckDB, whole process, on an empty folder."""
        with tempfile.TemporaryDirectory() as folder:
            script = str(ROOT / "benchmarks" / "dlt_path.py")
            command = [str(DLT), script, str(self._feed), "duckdb", folder]
            return processes.run_command(command, processes.clean_environment())


@contextmanager
def recorded(subject: Subject, share: int = 1) -> Iterator[Stage]:
    """Records a sandbox's pages and yields a stage on which they are served again.

    Args:
        subject: whose pages.
        share: what part of the subject's ads there are: 1 for all, 4 for a quarter.
    """
    size = {**subject.size, "ads": max(1, subject.size["ads"] // share)}
    arguments = [part for name, count in size.items() for part in (f"--{name}", str(count))]
    alone = ["--organizations", "1", "--accounts", "1"]
    with tempfile.TemporaryDirectory() as folder:
        sandbox_process = SandboxProcess(*alone, *arguments, now=NOW)
        with sandbox_process as sandbox, processes.server("benchmarks.replay", sandbox.url) as url:
            stage = Stage(subject, url, Path(folder), sandbox.connections_yaml())
            stage.connect(sandbox)
            yield stage


def measure(quick: bool) -> Outcome:
    """Pulls interleaved, then once a lot."""
    share, large_rows = (4, 400_000) if quick else (1, LARGE_ROWS)
    figures: list[Figure] = []
    for subject in SUBJECTS:
        with recorded(subject, share) as stage:
            windows = 3 if subject.repeatable and not quick else 1
            found = _interleaved(subject, stage, windows)
            figures += _figures(found)
            if subject is GOOGLE:
                per_window = found.ours[0].result["rows"] // windows
                figures += _large(stage.ours(-(-large_rows // per_window)))
    rows = ", ".join(f"{s.platform}/{s.stream}" for s in SUBJECTS)
    return Outcome(
        "throughput",
        f"{rows}: whole processes, interleaved, medians of three. Ours: pull through the client "
        "to fsynced and committed Parquet. Floor: requests, orjson, a list comprehension per "
        "column, pyarrow. dlt: rest_api to DuckDB, Parquet as load format, no nesting.",
        figures,
        [
            "The pages are the sandbox's real answers, recorded byte for byte and served back by a "
            "static server in a process of its own, so that the client is what is measured.",
            "Ours makes Meta's asynchronous reports and Shopify's bulk operations, retries apart; "
            "the floor and dlt read the pages of a finished report, and plain pages of orders.",
            *([] if DLT.exists() else ["dlt was not measured: `make bench` makes its environment"]),
        ],
    )


def _interleaved(subject: Subject, stage: Stage, windows: int) -> Measured:
    ours, floor, dlt = [], [], []
    for _ in range(REPEATS):
        floor.append(stage.floor(windows))
        ours.append(stage.ours(windows))
        if DLT.exists():
            dlt.append(stage.dlt())
    # A shop's days begin at its own midnight, which a plain list of orders does not know.
    allowed = 0.02 * floor[0].result["rows"] if subject is SHOPIFY else 0
    difference = abs(ours[0].result["rows"] - floor[0].result["rows"])
    if difference > allowed or ours[0].result["rejected"]:
        raise RuntimeError(f"not the same work: {ours[0].result} and {floor[0].result}")
    read, least = ours[0].result["bytes"], floor[0].result["bytes"]
    if not 0.75 < read / least < 1.25:
        raise RuntimeError(f"not the same bytes: {ours[0].result} and {floor[0].result}")
    if dlt and dlt[0].result["rows"] * windows != floor[0].result["rows"]:
        raise RuntimeError(f"not the same rows: {dlt[0].result} and {floor[0].result}")
    return Measured(subject, ours, floor, dlt)


def _figures(found: Measured) -> list[Figure]:
    name, rows = found.subject.platform, found.ours[0].result["rows"]
    paths = {"ours": found.ours, "floor": found.floor, "dlt": found.dlt}
    figures = [
        Figure(f"{name}: {path}, {rows:,} rows", median(r.rows_per_second for r in runs), "rows/s")
        for path, runs in paths.items()
        if runs
    ]
    gate = GATE_SHARE if found.subject is GOOGLE else None
    figures.append(Figure(f"{name}: ours as a share of the floor", found.share, "%", gate))
    if found.dlt:
        times = figures[0].value / figures[2].value
        figures.append(Figure(f"{name}: ours by dlt", times, "times"))
    figures += [
        Figure(f"{name}: peak memory, {path}", median(r.peak_megabytes for r in runs), "MB")
        for path, runs in paths.items()
        if runs
    ]
    return figures


def _large(run: Run) -> list[Figure]:
    rows = f"{run.result['rows']:,} rows"
    return [
        Figure(f"peak memory at {rows}", run.peak_megabytes, "MB", GATE_MEGABYTES, "below"),
        Figure(f"ours at {rows}", run.rows_per_second, "rows/s"),
    ]
