"""CONTRIBUTING's made-up platform under another name: written by make, and run end to end.

Its own sandbox serves it, so that what is published is compared with the truth of that.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import orjson
import pytest
import yaml

from connectors.sandbox.server import SandboxClient
from orchestration import new_platform
from tests.patience import PATIENCE_SECONDS
from warehouse.built_columns import built_columns
from warehouse.home import Home

ROOT = new_platform.ROOT
BIN = Path(sys.executable).parent
COPIED = ("connectors", "warehouse", "orchestration", "dbt_project", "tests", "docs")
NAME = "cork_board"
NOW = "2026-11-15T12:00:00Z"
STATUSES = {"live": "ACTIVE", "halted": "PAUSED", "over": "COMPLETED"}


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the code with a new platform in it."""
    copy = tmp_path_factory.mktemp("clone")
    for name in COPIED:
        ignored = shutil.ignore_patterns("__pycache__", "target", "logs")
        shutil.copytree(ROOT / name, copy / name, ignore=ignored)
    for name in ("CONTRIBUTING.md", "Makefile", "pyproject.toml"):
        shutil.copy(ROOT / name, copy)
    # The environment is there already.
    made = ["make", "-o", ".venv/.installed", f"BIN={BIN}", "new-platform", f"NAME={NAME}"]
    done = _run(copy, *made, path=os.environ["PATH"])
    assert f"connectors/sandbox/platforms/{NAME}/routes.py" in done.stdout
    return copy


@contextmanager
def _sandbox(clone: Path) -> Iterator[SandboxClient]:
    process = subprocess.Popen(
        [sys.executable, "-m", "connectors.sandbox", "--until-stdin-closes", "--days", "20"],
        cwd=clone,
        env={"PYTHONPATH": str(clone), "TRIBUTARY_NOW": NOW},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield SandboxClient(process.stdout.readline().strip())
    finally:
        process.stdin.close()
        process.wait(PATIENCE_SECONDS)
        process.stdout.close()


def _connections(sandbox: SandboxClient) -> str:
    """The sandbox's connections file without the other platforms."""
    served = yaml.safe_load(sandbox.connections_yaml())
    for part in ("credentials", "connections"):
        served[part] = [one for one in served[part] if one["platform"] == NAME]
    return yaml.safe_dump(served)


@pytest.mark.long
def test_a_new_platform_runs_end_to_end(clone: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    with _sandbox(clone) as sandbox:
        environment = {
            "HOME": str(tmp_path),
            "TRIBUTARY_HOME": str(home),
            "TRIBUTARY_KEY_FILE": str(tmp_path / "key"),
            "TRIBUTARY_SANDBOX": sandbox.url,
            "TRIBUTARY_NOW": NOW,
            "TRIBUTARY_RETRY_BASE": "0",
        }
        (tmp_path / "connections.yaml").write_text(_connections(sandbox))
        tributary = str(BIN / "tributary")
        _run(
            clone, tributary, "connections", "apply", f"{tmp_path}/connections.yaml", **environment
        )
        done = _run(clone, tributary, "run", "--json", **environment)
        days = sandbox.truth("campaign_day", platform=NAME)
        campaigns = sandbox.truth("campaigns", platform=NAME)
        accounts = sandbox.truth("accounts", platform=NAME)
    result = orjson.loads(done.stdout)
    assert (result["failed_steps"], result["failed_accounts"]) == ({}, []), done.stderr
    with duckdb.connect(str(home / "published" / "tributary.duckdb"), read_only=True) as release:

        def rows(question: str) -> list[tuple[Any, ...]]:
            return release.execute(f"{question} where platform = '{NAME}'").fetchall()

        measures = "impressions, clicks, spend, conversions, conversion_value"
        of_day = f"select account_id, date_day::varchar, campaign_id, {measures} from "
        facts = rows(f"{of_day} fact_campaign_performance")
        marts = rows(f"{of_day} mart_campaign_daily_summary")
        members = rows("select campaign_id, campaign_name, status, channel from dim_campaigns")
        names = rows("select account_id, account_name, currency_code from dim_connections")
        reach = rows("select min(reach), max(reach) from fact_campaign_performance")
        unreconciled = rows("select count(*) filter (not is_reconciled) from mart_reconciliation")
    truth = {
        (row["account_id"], row["date"], row["campaign_id"]): (
            row["impressions"],
            row["clicks"],
            *(Decimal(row[name]) for name in ("cost", "conversions", "conversions_value")),
        )
        for row in days
    }
    assert len(truth) > 150
    assert {row[:3]: row[3:] for row in facts} == truth
    assert sorted(marts) == sorted(facts)
    assert sorted(members) == sorted(
        (one["campaign_id"], one["name"], STATUSES[one["status"]], "paid_social")
        for one in campaigns
    )
    assert {one["status"] for one in campaigns} == {"live", "over"}
    assert sorted(names) == sorted((o["account_id"], o["name"], o["currency"]) for o in accounts)
    assert 0 <= reach[0][0] < reach[0][1]
    assert unreconciled == [(0,)]
    listed = (
        (clone / f"dbt_project/models/staging/{NAME}/columns.lock").read_text().splitlines()[1:]
    )
    built = built_columns((Home(home).build_db, Home(home).serve_db))
    assert listed == [
        f"{model}: {' '.join(built[model])}"
        for model in sorted(built)
        if model.startswith(f"stg_{NAME}__")
    ]


def test_a_new_platform_is_held_to_what_every_platform_owes(clone: Path) -> None:
    suites = ("sandbox/test_contract.py", "test_contract.py", f"platforms/{NAME}")
    tests = [
        *(f"tests/connectors/{one}" for one in suites),
        "tests/orchestration/test_connection_steps.py",
    ]
    python = [sys.executable, "-m"]
    quick = ["-n", "0", "-p", "no:cacheprovider", "-k", NAME]
    done = _run(clone, *python, "pytest", *quick, *tests, TRIBUTARY_SANDBOX="http://127.0.0.1:9")
    assert " passed" in done.stdout or "[100%]" in done.stdout
    folders = [str(one) for one in clone.rglob(NAME) if one.is_dir() and list(one.glob("*.py"))]
    assert len(folders) == 3
    _run(clone, *python, "ruff", "check", *folders)
    _run(clone, *python, "ruff", "format", "--check", *folders)


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    shutil.copy(ROOT / "CONTRIBUTING.md", tmp_path)
    return tmp_path


def test_every_word_of_the_example_is_renamed(empty: Path) -> None:
    for path in new_platform.write(empty, NAME):
        assert "pinwall" not in f"{path} {(empty / path).read_text()}".lower()
        assert "Cork Board" in (empty / path).read_text() or NAME in str(path)


def test_the_page_counts_its_lines(empty: Path) -> None:
    lines = {
        path: (empty / path).read_text().count("\n") for path in new_platform.write(empty, NAME)
    }
    sandbox = sum(count for path, count in lines.items() if "sandbox" in path.parts)
    (said,) = re.findall(
        r"has (\d+) lines, its sandbox (\d+)\s", (ROOT / "CONTRIBUTING.md").read_text()
    )
    assert [int(one) for one in said] == [sum(lines.values()), sandbox]


def test_the_longest_name_fits_into_the_lines(empty: Path) -> None:
    shutil.copy(ROOT / "pyproject.toml", empty)
    new_platform.write(empty, "m" * 11 + "_" + "m" * 12)
    for command in ("format", "check"):
        _run(empty, sys.executable, "-m", "ruff", command, str(empty))


def test_what_is_there_is_never_written_over(empty: Path) -> None:
    written = new_platform.write(empty, NAME)
    (empty / written[0]).write_text("mine")
    with pytest.raises(FileExistsError, match="cork_board is taken"):
        new_platform.write(empty, NAME)
    assert (empty / written[0]).read_text() == "mine"
    shutil.rmtree(empty / "connectors")
    with pytest.raises(FileExistsError, match="cork_board is taken"):
        new_platform.write(empty, NAME)
    assert not (empty / "connectors").exists()


@pytest.mark.parametrize("name", ["", "Pins", "1st", "a-b", "a__b", "../up", "class", "x" * 25])
def test_a_bad_name_is_refused(empty: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    with pytest.raises(ValueError, match="cannot be the name"):
        new_platform.write(empty, name)
    assert [one.name for one in empty.iterdir()] == ["CONTRIBUTING.md"]


def test_the_command_reports_what_it_refuses(capsys: pytest.CaptureFixture[str]) -> None:
    assert new_platform.main(["google_ads"]) == 2
    assert (
        "google_ads is taken: there is connectors/platforms/google_ads" in capsys.readouterr().err
    )
    with pytest.raises(SystemExit):
        new_platform.main(["--help"])
    assert "CONTRIBUTING" in capsys.readouterr().out


def _run(clone: Path, *command: str, path: str = str(BIN), **environment: str) -> Any:
    done = subprocess.run(
        command,
        cwd=clone,
        env={"PATH": path, "PYTHONPATH": str(clone), **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_SECONDS,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done
