"""An import brought many people into a system for sales, all changed in one second.

They are pulled through the wire while jobs fail half way and the pull is killed.
"""

from __future__ import annotations

import signal
import time
from collections import Counter
from pathlib import Path

import duckdb
import pytest
import yaml

from connectors.sandbox.server import SandboxClient, SandboxProcess
from orchestration.workspace import open_workspace
from tests.end_to_end import stages
from tests.end_to_end.conftest import clean_environment
from tests.patience import PATIENCE_SECONDS
from warehouse import apply_file
from warehouse.home import Home
from warehouse.sync_log import SyncLog

pytestmark = pytest.mark.long

NOW = "2026-11-15T06:00:00+00:00"
SIZE = ("--days", "8", "--ads", "2", "--imported-people")


def connected(folder: Path, sandbox: SandboxClient, platform: str) -> dict[str, str]:
    """Makes a home in a folder with the accounts of one platform; returns its environment."""
    environment = clean_environment() | {
        "TRIBUTARY_HOME": str(folder / "home"),
        "TRIBUTARY_KEY_FILE": str(folder / "key"),
        "TRIBUTARY_SANDBOX": sandbox.url,
        "TRIBUTARY_NOW": NOW,
        "TRIBUTARY_RETRY_BASE": "0.01",
    }
    declared = yaml.safe_load(sandbox.connections_yaml())
    for name in ("credentials", "connections"):
        declared[name] = [one for one in declared[name] if one["platform"] == platform]
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        space = open_workspace()
        parsed = apply_file.parse_text(yaml.safe_dump(declared), space.credential_fields())
        apply_file.apply(space.registry, parsed)
    return environment


def rows(folder: Path, platform: str, stream: str) -> list[str]:
    """The record of each row of a stream that succeeded syncs have brought."""
    home = Home.open(folder / "home")
    succeeded = [
        (row.sync_id, row.connection_id, row.chunk_id)
        for row in SyncLog(home).rows(platform, stream)
        if row.status == "succeeded"
    ]
    with duckdb.connect() as connection:
        connection.execute("create table chunks (sync_id text, connection_id text, chunk_id int)")
        connection.executemany("insert into chunks values (?, ?, ?)", succeeded)
        found = connection.execute(
            "select raw.record_id "
            f"from read_parquet('{home.raw_dir(platform, stream)}/*/*.parquet') as raw "
            "join chunks on raw._sync_id = chunks.sync_id "
            "and raw._connection_id = chunks.connection_id and raw._chunk_id = chunks.chunk_id"
        ).fetchall()
    return [id_ for (id_,) in found]


def imported(sandbox: SandboxClient, platform: str) -> set[str]:
    """The records of the people who were imported."""
    truth = sandbox.truth("person", NOW, platform=platform)
    return {row["record_id"] for row in truth if row["email"].startswith("import.")}


def test_salesforce_by_jobs_that_fail_and_a_pull_that_is_killed(tmp_path: Path) -> None:
    count = 300_000
    with SandboxProcess(*SIZE, str(count), now=NOW) as sandbox:
        environment = connected(tmp_path, sandbox, "salesforce")
        sandbox.set_faults(rate=0.5, kinds=["job_failed"], seed=1)
        first = stages.start("pull", environment)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not any(one["path"].endswith("/results") for one in asked(sandbox)):
            assert first.process.is_alive()
            assert time.monotonic() < deadline
            time.sleep(0.2)
        first.process.kill()
        first.process.join()
        assert first.process.exitcode == -signal.SIGKILL
        stages.finish("pull", environment)
        methods = Counter(one["method"] for one in asked(sandbox) if "/jobs/query" in one["path"])
        found = rows(tmp_path, "salesforce", "leads")
        truth = imported(sandbox, "salesforce")
    # Of the pull that was killed one job is left; each of the others was deleted.
    assert methods["POST"] > 2
    assert methods["POST"] - methods["DELETE"] in (0, 1)
    assert len(truth) == count
    assert truth <= set(found)
    assert len(set(found)) == len(found)


def asked(sandbox: SandboxClient) -> list[dict[str, object]]:
    return list(sandbox.requests()["requests"])


def test_hubspot_beyond_what_a_search_shows(tmp_path: Path) -> None:
    count = 25_000
    with SandboxProcess(*SIZE, str(count), now=NOW) as sandbox:
        stages.finish("pull", connected(tmp_path, sandbox, "hubspot"))
        found = Counter(rows(tmp_path, "hubspot", "contacts"))
        truth = imported(sandbox, "hubspot")
    assert len(truth) == count
    assert {found[one] for one in truth} == {1}
