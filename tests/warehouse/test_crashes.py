"""Kills, full disks and readers: the programs of ``benchmarks/`` with small numbers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.patience import PATIENCE_SECONDS

ROOT = Path(__file__).resolve().parents[2]


def run(*command: str, timeout: float = PATIENCE_SECONDS) -> dict[str, object]:
    done = subprocess.run(
        [sys.executable, *command],
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.stdout, done.stderr
    return json.loads(done.stdout)


def test_a_killed_writer_leaves_no_half_file_and_the_next_works():
    result = run("benchmarks/crashes.py", "--kills", "10")
    assert result["first_problems"] == []
    assert result["syncs_committed"] >= 20


def test_readers_of_many_releases_see_no_error_and_one_release_each():
    result = run("benchmarks/readers.py", "--readers", "3", "--publishes", "25", "--rows", "5000")
    assert result["first_errors"] == []
    assert result["reads"] >= 25
    assert result["releases_seen"] >= 5


FILL = """
import json, resource, sys
from datetime import UTC, date, datetime
import pyarrow as pa
from warehouse.durable_files import LakeFull
from warehouse.home import Home
from warehouse.lake import ChunkInfo, Outcome, SyncWriter
from warehouse.sync_ids import SyncIds
from warehouse.sync_log import SyncLog
import random

home, limit = Home.open(sys.argv[1]), int(sys.argv[2])
now = lambda: datetime(2026, 11, 15, tzinfo=UTC)
ids = SyncIds(now, None)
schema = pa.schema([("date", pa.date32()), ("text", pa.string())])

def sync(rows):
    noise = [random.randbytes(64).hex() for _ in range(rows)]
    batch = pa.record_batch([pa.array([date(2026, 1, 1)] * rows), pa.array(noise)], schema=schema)
    sync_id = ids.next()[0]
    with SyncWriter(home, "google_ads", "ads", schema, sync_id, now(), "r", now=now) as writer:
        writer.begin_chunk(ChunkInfo("acme", "c", "1", "report", 0, "incremental", now(),
                                     date(2026, 1, 1), date(2026, 1, 8)))
        writer.write(batch)
        writer.finish_chunk(Outcome("succeeded"))

sync(10)
if limit:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
try:
    sync(200_000)
    error = None
except LakeFull as caught:
    error = str(caught)
left = [str(p) for p in home.lake.rglob(".tmp-*")]
raw = len(list(home.raw_dir("google_ads", "ads").rglob("*.parquet")))
if limit:
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
sync(10)
rows = [row.rows for row in SyncLog(home).rows()]
print(json.dumps({"error": error, "left": left, "raw": raw, "rows": rows}))
"""


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    directory = tmp_path / "disk"
    directory.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(directory)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("there is no `mount` here, so no small disk can be made")
    if done.returncode != 0:
        pytest.skip(f"no small disk can be mounted here: {done.stderr.strip()}")
    yield directory
    subprocess.run(["umount", str(directory)], check=True)


def check_full(result: dict[str, object]) -> None:
    assert "Free space" in str(result["error"])
    assert result["left"] == []
    assert result["raw"] == 1
    assert result["rows"] == [10, 10]


def test_a_disk_that_fills_up_in_mid_commit(small_disk: Path):
    check_full(run("-c", FILL, str(small_disk / "home"), "0"))


def test_a_file_that_may_not_grow_in_mid_commit(tmp_path: Path):
    check_full(run("-c", FILL, str(tmp_path / "home"), "1000000"))
