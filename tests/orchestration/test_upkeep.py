"""The lake is compacted each night, and by hand, with the same words and the same result."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from orchestration.cli import app
from orchestration.defs.resources import WorkspaceResource
from orchestration.defs.upkeep import upkeep_job
from orchestration.workspace import open_workspace
from warehouse.home import Home
from warehouse.raw_rows import raw_schema

SCHEMA = raw_schema(pa.schema([("date", pa.date32()), ("clicks", pa.int64())]))


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home whose lake says the same of one day in three syncs, the last of them of today."""
    monkeypatch.setenv("TRIBUTARY_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TRIBUTARY_KEY_FILE", str(tmp_path / "key"))
    monkeypatch.setenv("TRIBUTARY_NOW", "2026-11-16T06:00:00Z")
    made = open_workspace().home
    for day, name in ((14, "a"), (14, "b"), (16, "c")):
        folder = made.raw_dir("google_ads", "made_up") / f"synced=2026-11-{day}"
        folder.mkdir(parents=True, exist_ok=True)
        row = {
            "_organization_id": "acme",
            "_connection_id": "connection",
            "_sync_id": name,
            "_chunk_id": 0,
            "_synced_at": datetime(2026, 11, day, tzinfo=UTC),
            "date": date(2026, 11, 13),
            "clicks": 1,
        }
        pq.write_table(pa.Table.from_pylist([row], schema=SCHEMA), folder / f"{name}.parquet")
    return made


def _lies(home: Home) -> dict[str, int]:
    files = home.raw_dir("google_ads", "made_up").rglob("*.parquet")
    return {path.parent.name: pq.read_metadata(path).num_rows for path in files}


COMPACTED = {"compacted=2026-11-14": 1, "synced=2026-11-16": 1}


def test_the_nightly_job_compacts_days_that_are_over(home: Home) -> None:
    assert upkeep_job().execute_in_process(resources={"workspace": WorkspaceResource()}).success
    assert _lies(home) == COMPACTED


def test_the_command_says_what_it_does(home: Home) -> None:
    def ask(*arguments: str) -> str:
        result = CliRunner().invoke(app, ["compact", *arguments])
        assert result.exit_code == 0, result.output
        return " ".join(result.stdout.split())

    [planned] = json.loads(ask("--dry-run", "--json"))
    assert (planned["stream"], planned["files"]) == ("google_ads/made_up", 2)
    assert "Nothing was changed" in ask("--dry-run")
    assert len(_lies(home)) == 2
    assert "1 of 2 rows say something new" in ask()
    assert _lies(home) == COMPACTED
    assert json.loads(ask("--json"))["files_before"] == 0
    assert "nothing to compact" in ask()
