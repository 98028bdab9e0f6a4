"""`kill -9` at random instants; after a re-run nothing tells that anything was killed.

A kill hits one stage (pull, build, publish) of one of two clocks. Between the kills the home is
looked at as a reader would: every visible Parquet file is whole, and the published file answers.
`make crash` runs the long version.
"""

import json
import os
import random
import signal
import sqlite3
import subprocess
import time
from contextlib import closing, suppress
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from tests.end_to_end import stages
from tests.end_to_end.conftest import TRIBUTARY, Reference
from tests.patience import PATIENCE_SECONDS

pytestmark = [pytest.mark.long, pytest.mark.xdist_group("reference")]

SHARE = {"pull": 0.4, "build": 0.4, "publish": 0.2}


def test_killed_runs_end_as_an_uninterrupted_one(
    reference: Reference, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    kills = request.config.getoption("--kills")
    seed = random.SystemRandom().randrange(10**9)
    print(f"seed {seed}")
    chance = random.Random(seed)
    killed = reference.connected(tmp_path / "killed")
    done = 0
    for index, now in enumerate(reference.clocks):
        reference.sandbox.set_clock(now)
        environment = reference.environment(killed, now)
        target = kills * (index + 1) // len(reference.clocks)
        plan = chance.choices(list(SHARE), list(SHARE.values()), k=target - done)
        for stage in stages.STAGES:
            # What killed ones left done need not be done again, so it gets shorter.
            seconds = reference.seconds[now, stage]
            for _ in range(plan.count(stage)):
                while finished := _kill(stage, environment, chance.uniform(0.0, seconds)):
                    seconds = finished
                done += 1
                _look(killed / "home")
            stages.finish(stage, environment)
    assert done == kills
    assert reference.differences(killed) == {}


def test_a_killed_whole_run_frees_what_it_held(
    reference: Reference, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """`tributary run` through Dagster: the next one starts at once and ends the dead one."""
    kills = request.config.getoption("--whole-run-kills")
    chance = random.Random(7)
    # The last clock has its share in any case; the first is only worth it when there are many.
    first = kills // 2
    if first:
        killed = reference.connected(tmp_path / "killed")
    else:
        killed = reference.copy(tmp_path / "killed", 1)
    for now, share in zip(reference.clocks, (first, kills - first), strict=True):
        if not share:
            continue
        reference.sandbox.set_clock(now)
        environment = reference.environment(killed, now)
        for _ in range(share):
            while not _kill_a_run(killed / "home", environment, chance):
                pass
            _look(killed / "home")
        done = subprocess.run(
            [TRIBUTARY, "run", "--json"],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        assert json.loads(done.stdout)["ended_runs"]
    assert reference.differences(killed) == {}


def _kill_a_run(home: Path, environment: dict[str, str], chance: random.Random) -> bool:
    """Starts `tributary run` and kills its processes in mid-run; False when it was faster."""
    before = _dagster_runs(home)
    process = subprocess.Popen(
        [TRIBUTARY, "run"], env=environment, start_new_session=True, stdout=subprocess.DEVNULL
    )
    deadline = time.monotonic() + PATIENCE_SECONDS
    while _dagster_runs(home) == before and process.poll() is None:
        assert time.monotonic() < deadline, "no run ever began"
        time.sleep(0.1)
    time.sleep(chance.uniform(0.0, 18.0))
    if process.poll() is not None:
        assert process.returncode == 0
        return False
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    return True


def _dagster_runs(home: Path) -> int:
    """How many runs Dagster has noted down."""
    path = home / "dagster" / "history" / "runs.db"
    if not path.exists():
        return 0
    with closing(
        sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=PATIENCE_SECONDS)
    ) as database:
        try:
            return int(database.execute("select count(*) from runs").fetchone()[0])
        except sqlite3.OperationalError:  # the table is not made yet
            return 0


def _kill(stage: str, environment: dict[str, str], seconds: float) -> float | None:
    """Starts a stage and kills it after so long, unless it was faster: returns its seconds then."""
    began = time.monotonic()
    started = stages.start(stage, environment)
    started.process.join(timeout=seconds)
    if started.process.exitcode is not None:
        started.finish()
        return time.monotonic() - began
    with suppress(ProcessLookupError):  # in the instant before it has a group of its own
        os.killpg(started.process.pid, signal.SIGKILL)
    started.process.kill()
    started.process.join()
    return None


def _look(home: Path) -> None:
    """What a reader sees is whole."""
    for path in (home / "lake").rglob("*.parquet"):
        if not path.name.startswith("."):
            pq.read_table(path)
    published = home / "published" / "tributary.duckdb"
    if published.exists():
        with duckdb.connect(str(published), read_only=True) as connection:
            (days,) = connection.execute(
                "select count(*) from mart_campaign_daily_summary"
            ).fetchone()
            (facts,) = connection.execute(
                "select count(*) from fact_campaign_performance"
            ).fetchone()
            assert days == facts > 0
