"""`kill -9` at random instants; after a re-run nothing tells that anything was killed.

A kill hits one stage (pull, build, publish) of one of three clocks. Between the kills the home is
looked at as a reader would: every visible Parquet file is whole, and the published file answers.
`make crash` runs the long version.
"""

import os
import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from connectors.sandbox.server import SandboxClient, SandboxProcess
from tests.end_to_end import stages
from tests.end_to_end.tables import contents, differences

pytestmark = pytest.mark.xdist_group("crash")

CLOCKS = ["2026-11-05T06:00:00+00:00", "2026-11-12T06:00:00+00:00", "2026-11-16T06:00:00+00:00"]
SIZE = ["--days", "24", "--campaigns", "3", "--ad-groups", "2", "--ads", "2"]
SECONDS = {"pull": 4.0, "build": 8.0, "publish": 2.5}
"""Roughly how long each stage runs here; a kill that comes too late kills nothing and counts not."""
SHARE = {"pull": 0.4, "build": 0.4, "publish": 0.2}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxClient]:
    with SandboxProcess(*SIZE, now=CLOCKS[0]) as client:
        yield client


def _environment(folder: Path, sandbox: SandboxClient, now: str) -> dict[str, str]:
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("TRIBUTARY_", "DAGSTER_"))}
    return clean | {
        "TRIBUTARY_HOME": str(folder / "home"),
        "TRIBUTARY_KEY_FILE": str(folder / "key"),
        "TRIBUTARY_SANDBOX": sandbox.url,
        "TRIBUTARY_NOW": now,
    }


def test_killed_runs_end_as_an_uninterrupted_one(
    sandbox: SandboxClient, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    kills = request.config.getoption("--kills")
    seed = random.SystemRandom().randrange(10**9)
    print(f"seed {seed}")
    chance = random.Random(seed)
    quiet, killed = tmp_path / "quiet", tmp_path / "killed"
    for folder in (quiet, killed):
        folder.mkdir()
        stages.finish("connect", _environment(folder, sandbox, CLOCKS[0]))
    done = 0
    for index, now in enumerate(CLOCKS):
        sandbox.set_clock(now)
        target = kills * (index + 1) // len(CLOCKS)
        plan = chance.choices(list(SHARE), list(SHARE.values()), k=target - done)
        for stage in stages.STAGES:
            stages.finish(stage, _environment(quiet, sandbox, now))
            environment = _environment(killed, sandbox, now)
            for _ in range(plan.count(stage)):
                while not _kill(stage, environment, chance):
                    pass
                done += 1
                _look(killed / "home")
            stages.finish(stage, environment)
    assert done == kills
    left = contents(quiet / "home" / "published" / "tributary.duckdb", {"fact_syncs"})
    right = contents(killed / "home" / "published" / "tributary.duckdb", {"fact_syncs"})
    assert differences(left, right) == {}
    assert len(left["fact_campaign_performance"]) > 100


def _kill(stage: str, environment: dict[str, str], chance: random.Random) -> bool:
    """Starts a stage and kills it; False when it was faster than the kill."""
    process = stages.start(stage, environment)
    time.sleep(chance.uniform(0.1, 1.0) * SECONDS[stage])
    if process.poll() is not None:
        printed, _ = process.communicate()
        assert process.returncode == 0, printed.decode()[-4000:]
        return chance.random() < 0.3  # now and then "after the end" is an instant like any other
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    return True


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
