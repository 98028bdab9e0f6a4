"""One dbt build in a process of its own; with `--profile`, what its statements read.

DuckDB's profiler tells, after each statement of dbt, how many rows left each scan: of the raw
Parquet files, of the sync log, of the registry, and of each table.

    python -m benchmarks.dbt_path [--profile]
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import duckdb
from dbt.adapters.duckdb.environments.local import DuckDBCursorWrapper
from dbt.cli.main import dbtRunner

from benchmarks.processes import say
from orchestration import dbt, dbt_manifest
from orchestration.workspace import open_workspace
from warehouse.locks import build_lock


class Scans:
    """Counts rows by what they were scanned from."""

    def __init__(self) -> None:
        self.rows: Counter[str] = Counter()

    def add(self, profile: dict[str, Any]) -> None:
        """Adds the scans of one profiled statement."""
        for child in profile.get("children", ()):
            self.add(child)
        extra = profile.get("extra_info") or {}
        if profile.get("operator_type") != "TABLE_SCAN":
            return
        self.rows[_scanned(extra)] += profile.get("operator_cardinality", 0)


def _scanned(extra: dict[str, Any]) -> str:
    """Names what a scan operator reads."""
    if "Table" in extra:
        return str(extra["Table"])
    file = str(extra.get("Filename(s)") or extra.get("Function") or "?")
    for folder in ("/raw/", "/syncs/", "/registry/", "/quarantine/"):
        if folder in file:
            rest = re.split("/synced=|/compacted=|,", file.partition("/lake/")[2])[0]
            return f"lake/{rest}"
    return f"file {Path(file).name}" if "/" in file else file


def _profiled(scans: Scans) -> None:
    """Lets every statement that dbt executes be profiled."""
    execute = DuckDBCursorWrapper.execute

    def counted(self: Any, sql: str, bindings: Any = None) -> Any:
        self._cursor.execute("pragma enable_profiling = 'no_output'")
        # DuckDB keeps the profile of the last statement only, and dbt sends several at once.
        for statement in duckdb.extract_statements(sql):
            done = execute(self, statement.query, bindings)
            try:
                scans.add(json.loads(self._cursor.get_profiling_information("json")))
            except duckdb.Error:
                scans.rows["statements without a profile"] += 1
        return done

    DuckDBCursorWrapper.execute = counted


def read_bytes() -> int:
    """Bytes that this process asked the system to read, from the page cache or the disk."""
    try:
        lines = Path("/proc/self/io").read_text().splitlines()
    except FileNotFoundError:
        return 0
    return next(int(line.split()[1]) for line in lines if line.startswith("rchar:"))


def main() -> None:
    """Builds all models, without tests."""
    profiling = "--profile" in sys.argv[1:]
    space = open_workspace()
    space.prepare_lake()
    dbt.set_environment(space.home)
    manifest = dbt_manifest.load(space.home).manifest
    scans = Scans()
    if profiling:
        _profiled(scans)
    before, began = read_bytes(), time.perf_counter()
    arguments = [*dbt.build_arguments(), "--exclude-resource-type", "test"]
    with build_lock(space.home):
        outcome = dbtRunner(manifest=manifest).invoke(["--quiet", *arguments])
    if not outcome.success:
        bad = [r for r in getattr(outcome.result, "results", []) if str(r.status) == "error"]
        told = "; ".join(f"{result.node.name}: {result.message}" for result in bad)
        raise RuntimeError(told or str(outcome.exception))
    seconds = time.perf_counter() - began
    say(seconds=seconds, read_bytes=read_bytes() - before, scanned=scans.rows)


if __name__ == "__main__":
    main()
