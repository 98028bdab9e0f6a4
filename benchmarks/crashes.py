"""Writers of the lake, killed at random instants.

A process commits syncs in a loop (several chunks, several parts, some failed, some rejected rows);
it is killed with SIGKILL at a random instant, and the lake is checked: every visible file is whole,
every succeeded log row has exactly its rows, and the next writer works.

    python benchmarks/crashes.py --kills 200
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import random
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from warehouse.durable_files import TEMPORARY_PREFIX
from warehouse.home import Home
from warehouse.lake import ChunkInfo, Outcome, SyncWriter
from warehouse.sync_ids import SyncIds
from warehouse.sync_log import SyncLog

SCHEMA = pa.schema([pa.field("date", pa.date32()), pa.field("clicks", pa.int64())])
PLATFORM, STREAM = "google_ads", "ad_stats"
LARGEST_DELAY_SECONDS = 0.25
KILLS_PER_HOME = 20
"""Every check reads the whole lake, so a long run goes on with a fresh one."""


def now() -> datetime:
    """The wall clock."""
    return datetime.now(UTC)


def write_sync(home: Home) -> None:
    """One sync of six chunks in two or three parts; every third chunk fails."""
    sync_id, carried = SyncIds(now, SyncLog(home).largest_sync_id()).next()
    writer = SyncWriter(
        home,
        PLATFORM,
        STREAM,
        SCHEMA,
        sync_id,
        now(),
        "run",
        now=now,
        clock_carried_seconds=carried,
    )
    with writer:
        for number in range(6):
            rows = 500 * (number + 1)
            days = pa.array([date(2026, 1, 1)] * rows, pa.date32())
            clicks = pa.array(range(rows), pa.int64())
            window = date(2026, 1, 1), date(2026, 1, 8)
            info = ChunkInfo(
                "acme", f"c{number % 2}", "1", "report", number, "incremental", now(), *window
            )
            writer.begin_chunk(info)
            writer.write(pa.record_batch([days, clicks], schema=SCHEMA))
            writer.reject([("not a number", "{}")])
            writer.finish_chunk(Outcome("failed" if number % 3 == 2 else "succeeded"))
            if number % 2:
                writer.commit_part()


def write_for_ever(path: str, ready: Connection) -> None:
    """The victim."""
    home = Home.open(path)
    write_sync(home)
    ready.send(True)
    while True:
        write_sync(home)


def problems_of(home: Home) -> list[str]:
    """What is wrong with a lake, after any history of kills."""
    found = []
    for path in (home.lake).rglob("*.parquet"):
        if path.name.startswith(TEMPORARY_PREFIX):
            continue
        try:
            pq.read_table(path, partitioning=None)
        except (OSError, pa.ArrowException) as error:
            found.append(f"{path} is visible and not whole: {error}")
    counts = _visible_rows(home)
    for row in SyncLog(home).rows():
        key = (row.sync_id, row.connection_id, row.chunk_id)
        if row.status == "succeeded" and counts.get(key, 0) != row.rows:
            found.append(f"{key}: {counts.get(key, 0)} rows in raw, {row.rows} in the log")
        if row.raw_file is not None and not (home.lake / "raw" / row.raw_file).exists():
            found.append(f"{key}: {row.raw_file} is missing")
    return found


def _visible_rows(home: Home) -> dict[tuple[str, str, int], int]:
    names = ["_sync_id", "_connection_id", "_chunk_id"]
    files = [str(path) for path in home.raw_dir(PLATFORM, STREAM).rglob("*.parquet")]
    table = ds.dataset(files, format="parquet").to_table(columns=names)
    counted = table.group_by(names).aggregate([([], "count_all")])
    return {tuple(row[n] for n in names): row["count_all"] for row in counted.to_pylist()}


def leftovers_of(home: Home) -> int:
    """Temporary files in the lake."""
    return len(list(home.lake.rglob(f"{TEMPORARY_PREFIX}*")))


def kill_one(
    home: Home, context: ForkServerContext, delay_seconds: float
) -> tuple[bool, list[str]]:
    """Kills one writer and lets the next one write; returns whether a temporary was left."""
    receiver, sender = context.Pipe(duplex=False)
    victim = context.Process(target=write_for_ever, args=(str(home.path), sender), daemon=True)
    victim.start()
    sender.close()
    receiver.recv()
    time.sleep(delay_seconds)
    victim.kill()
    victim.join()
    left = leftovers_of(home) > 0
    problems = problems_of(home)
    before = SyncLog(home).read().num_rows
    write_sync(home)
    if SyncLog(home).read().num_rows != before + 6:
        problems.append("the next writer's rows are not in the log")
    if after := leftovers_of(home):
        problems.append(f"the next writer left {after} temporary files")
    return left, problems


def measure(kills: int, seed: int, directory: Path) -> dict[str, Any]:
    """Kills writer after writer, checking the lake after each."""
    chance = random.Random(seed)
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["warehouse.lake", "warehouse.sync_ids"])
    homes: list[Home] = []
    problems: list[str] = []
    with_leftovers = 0
    for number in range(kills):
        if number % KILLS_PER_HOME == 0:
            homes.append(Home.open(directory / str(number)))
        left, found = kill_one(homes[-1], context, chance.uniform(0, LARGEST_DELAY_SECONDS))
        with_leftovers += left
        problems += found
    synced = [set(SyncLog(home).read().column("sync_id").to_pylist()) for home in homes]
    return {
        "kills": kills,
        "kills_that_left_a_temporary": with_leftovers,
        "syncs_committed": sum(map(len, synced)),
        "problems": len(problems),
        "first_problems": problems[:5],
    }


def main() -> int:
    """Prints the result as JSON; the exit code is 1 when the lake had a problem."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        result = measure(options.kills, options.seed, Path(directory))
    print(json.dumps(result, indent=2))
    return 1 if result["problems"] else 0


if __name__ == "__main__":
    sys.exit(main())
