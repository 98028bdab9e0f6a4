"""Rows per second and peak memory from the API to committed Parquet, next to the floor."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks import processes
from benchmarks.processes import Run
from benchmarks.report import Figure, Outcome
from connectors.sandbox.server import SandboxClient, SandboxProcess

NOW = "2026-11-16T06:00:00+00:00"
REPEATS = 3
GATE_SHARE = 70.0
GATE_MEGABYTES = 400.0
LARGE_ROWS = 5_000_000


@dataclass(frozen=True, slots=True)
class Size:
    """How much is pulled.

    Attributes:
        ads: ads per ad group; with 50 campaigns of 10 ad groups, about 90 days x 416 rows each.
        windows: windows of 90 days per run.
        large_rows: rows of the run that memory is watched in.
    """

    ads: int
    windows: int
    large_rows: int


FULL = Size(ads=8, windows=3, large_rows=LARGE_ROWS)
QUICK = Size(ads=2, windows=1, large_rows=400_000)


class Stage:
    """Recorded pages with what it takes to fetch them our way and the floor's way."""

    def __init__(self, url: str, folder: Path, connections: str) -> None:
        self.url, self._folder = url, folder
        self._yaml = folder / "connections.yaml"
        self._yaml.write_text(connections)
        self._environment = processes.clean_environment(
            TRIBUTARY_HOME=str(folder / "home"),
            TRIBUTARY_KEY_FILE=str(folder / "key"),
            TRIBUTARY_SANDBOX=url,
            TRIBUTARY_NOW=NOW,
            # Lifts the pace that we keep towards Google, 10 requests a second.
            TRIBUTARY_RETRY_BASE="0.01",
        )

    def connect(self, sandbox: SandboxClient) -> None:
        """Connects the account, and pulls once so that every page is recorded."""
        path = "benchmarks.pull_path"
        processes.run(path, "connect", sandbox.url, environment=self._environment)
        self.ours(1)

    def ours(self, windows: int) -> Run:
        """Our path, whole process."""
        arguments = ("pull", "ad_stats", str(windows))
        return processes.run("benchmarks.pull_path", *arguments, environment=self._environment)

    def floor(self, windows: int) -> Run:
        """The floor, whole process."""
        arguments = (self.url, str(self._yaml), str(windows), str(self._folder / "floor.parquet"))
        return processes.run("benchmarks.floor_path", *arguments, environment=self._environment)


@contextmanager
def recorded(ads: int) -> Iterator[Stage]:
    """Records a sandbox's pages and yields a stage on which they are served again."""
    size = ["--campaigns", "50", "--ad-groups", "10", "--ads", str(ads), "--days", "90"]
    alone = ["--organizations", "1", "--accounts", "1"]
    with tempfile.TemporaryDirectory() as folder:
        sandbox_process = SandboxProcess(*alone, *size, now=NOW)
        with sandbox_process as sandbox, processes.server("benchmarks.replay", sandbox.url) as url:
            stage = Stage(url, Path(folder), sandbox.connections_yaml())
            stage.connect(sandbox)
            yield stage


def measure(quick: bool) -> Outcome:
    """Pulls interleaved, then once a lot."""
    size = QUICK if quick else FULL
    with recorded(size.ads) as stage:
        floors, ours = [], []
        for _ in range(REPEATS):
            floors.append(stage.floor(size.windows))
            ours.append(stage.ours(size.windows))
        rows_per_window = ours[0].result["rows"] // size.windows
        large = stage.ours(-(-size.large_rows // rows_per_window))
    if ours[0].result["rows"] != floors[0].result["rows"] or ours[0].result["rejected"]:
        raise RuntimeError(f"not the same work: {ours[0].result} and {floors[0].result}")
    share = median(o.rows_per_second / f.rows_per_second for o, f in zip(ours, floors, strict=True))
    rows, sent = ours[0].result["rows"], ours[0].result["bytes"]
    return Outcome(
        "throughput",
        f"google_ads/ad_stats, {rows:,} rows in pages of 10,000 ({sent / 1e6:,.0f} MB of JSON), "
        "whole processes, interleaved, medians of three. Ours: pull through the client to fsynced "
        "and committed Parquet. Floor: requests, orjson, a list comprehension per column, pyarrow.",
        [
            Figure("ours", median(r.rows_per_second for r in ours), "rows/s"),
            Figure("floor", median(r.rows_per_second for r in floors), "rows/s"),
            Figure("ours as a share of the floor", 100 * share, "%", GATE_SHARE),
            Figure(
                "processor time, ours", median(r.cpu_per_million for r in ours), "s per 1M rows"
            ),
            Figure(
                "processor time, floor", median(r.cpu_per_million for r in floors), "s per 1M rows"
            ),
            Figure("peak memory, ours", median(r.peak_megabytes for r in ours), "MB"),
            Figure("peak memory, floor", median(r.peak_megabytes for r in floors), "MB"),
            Figure("Parquet per row, ours", ours[0].result["file_bytes"] / rows, "bytes"),
            Figure("Parquet per row, floor", floors[0].result["file_bytes"] / rows, "bytes"),
            Figure(
                f"peak memory at {large.result['rows']:,} rows",
                large.peak_megabytes,
                "MB",
                GATE_MEGABYTES,
                "below",
            ),
            Figure(f"ours at {large.result['rows']:,} rows", large.rows_per_second, "rows/s"),
        ],
        [
            "The pages are the sandbox's real answers, recorded byte for byte and served back by a "
            "static server in a process of its own, so that the client is what is measured.",
            "The pace kept towards Google (10 requests a second) is lifted for the measurement.",
        ],
    )
