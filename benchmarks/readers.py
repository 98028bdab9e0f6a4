"""Readers of the published file while releases are published under them.

Several processes open ``published/tributary.duckdb`` in a loop, read all of it and close, while
this process publishes release after release. Every read must succeed and come from one release:
each build writes its number into every row of two tables.

    python benchmarks/readers.py --readers 8 --publishes 200
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import sys
import tempfile
import time
from datetime import UTC, datetime
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

import duckdb

from warehouse.home import Home
from warehouse.publishing import publish

CHECK = """
select s.release, a.low, a.high, b.low, b.high, a.rows, b.rows
from schema_version as s,
    (select min(build) as low, max(build) as high, count(*) as rows from fact_orders) as a,
    (select min(build) as low, max(build) as high, count(*) as rows from mart_orders) as b
"""


def build(home: Home, number: int, rows: int) -> None:
    """Writes both tables of a build; the number of rows changes with the build too."""
    with duckdb.connect(str(home.serve_db)) as connection:
        for table in ("fact_orders", "mart_orders"):
            connection.execute(
                f"create or replace table {table} as select {number} as build, "
                f"'order ' || range as label from range({rows + number})"
            )


def read(path: str, rows: int, stop: Event, results: Queue[dict[str, Any]]) -> None:
    """Reads in a loop until told to stop; reports reads, distinct releases and errors."""
    reads, releases, errors = 0, set(), []
    while not stop.is_set():
        try:
            with duckdb.connect(path, read_only=True) as connection:
                found = connection.execute(CHECK).fetchall()
            [(release, low, high, other_low, other_high, count, other_count)] = found
            if not low == high == other_low == other_high == count - rows == other_count - rows:
                errors.append(f"mixed builds in {release}: {found}")
            releases.add(release)
        except (duckdb.Error, ValueError) as error:
            errors.append(f"{type(error).__name__}: {error}")
        reads += 1
    results.put({"reads": reads, "releases": len(releases), "errors": errors})


def measure(readers: int, publishes: int, rows: int, directory: Path) -> dict[str, Any]:
    """Runs the readers against the publishes; returns what happened."""
    home = Home.open(directory)
    now = datetime.now(UTC)
    build(home, 0, rows)
    publish(home, now, schema_version="1.0")
    context = multiprocessing.get_context("spawn")
    stop, results = context.Event(), context.Queue()
    arguments = (str(home.published_db), rows, stop, results)
    processes = [context.Process(target=read, args=arguments) for _ in range(readers)]
    for process in processes:
        process.start()
    seconds = []
    for number in range(1, publishes + 1):
        build(home, number, rows)
        before = time.perf_counter()
        publish(home, now, schema_version="1.0")
        seconds.append(time.perf_counter() - before)
    stop.set()
    found = [results.get(timeout=60) for _ in processes]
    for process in processes:
        process.join(60)
    errors = [error for one in found for error in one["errors"]]
    return {
        "readers": readers,
        "publishes": publishes,
        "file_megabytes": round(home.published_db.stat().st_size / 1e6, 2),
        "reads": sum(one["reads"] for one in found),
        "releases_seen": max(one["releases"] for one in found),
        "errors": len(errors),
        "first_errors": errors[:5],
        "publish_seconds_median": round(sorted(seconds)[len(seconds) // 2], 4),
    }


def main() -> int:
    """Prints the result as JSON; the exit code is 1 when a read failed."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--readers", type=int, default=8)
    parser.add_argument("--publishes", type=int, default=200)
    parser.add_argument("--rows", type=int, default=20_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        result = measure(options.readers, options.publishes, options.rows, Path(directory))
    print(json.dumps(result, indent=2))
    return 1 if result["errors"] else 0


if __name__ == "__main__":
    sys.exit(main())
