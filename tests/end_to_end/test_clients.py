"""Clients of many kinds and versions read the published file whole while it changes.

They run apart from our packages, so what they need they bring; none of them brings `pytz`.
"""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.clients import reader
from tests.clients.environments import packages
from tests.end_to_end.conftest import Demo
from warehouse.home import Home
from warehouse.organization_files import publish_organizations
from warehouse.publishing import publish
from warehouse.releases import Release, release_path
from warehouse.retention import Retention

pytestmark = [pytest.mark.long, pytest.mark.xdist_group("demo")]

VERSIONS = ("1.0", "1.1", "1.2", "1.3", "1.4", "1.5", "2.0")
CLIENTS = {f"duckdb {version}": ("duckdb", f"duckdb-{version}") for version in VERSIONS} | {
    "pandas": ("pandas", "frames"),
    "polars": ("polars", "frames"),
    "ibis": ("ibis", "frames"),
    "sqlalchemy": ("sqlalchemy", "sqlalchemy"),
    "superset": ("superset", "superset"),
}
WITHOUT_DIGEST = {"pandas", "polars", "ibis"}
"""Data frames have values of their own; their rows are counted, their times compared."""

RELEASES = 50
ROWS = 50
NOW = datetime(2026, 11, 16, 6, tzinfo=UTC)


class Client:
    """A running client."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def ask(self, order: str, path: Path) -> dict[str, Any]:
        """Returns its answer to an order."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps([order, str(path)]) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, "the client ended: its error stands in what the test captured"
        found: dict[str, Any] = json.loads(answer)
        return found


@pytest.fixture(scope="module")
def clients(request: pytest.FixtureRequest) -> Iterator[dict[str, Client]]:
    cache = request.config.cache.mkdir("clients")
    with ExitStack() as running:
        found = {}
        for name, (kind, pinned) in CLIENTS.items():
            command = [sys.executable, "-I", "-S", reader.__file__, kind, packages(pinned, cache)]
            process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
            running.enter_context(process)  # closes its input, at which it ends, and waits for it
            found[name] = Client(process)
        yield found


@pytest.fixture(scope="module")
def home(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Every table of the demo's build, few rows of each."""
    found = Home.open(tmp_path_factory.mktemp("clients") / "home")
    with duckdb.connect(str(found.serve_db)) as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(f"attach '{demo.home / 'serve.duckdb'}' as demo (read_only)")
        tables = connection.execute(
            "select table_name from duckdb_tables() "
            "where database_name = 'demo' and schema_name = 'main'"
        ).fetchall()
        for (name,) in tables:
            some = f"using sample reservoir({ROWS} rows) repeatable (1)"
            connection.execute(f"create table {name} as from demo.{name} {some}")
    return found


def _release(home: Home, number: int) -> Release:
    """Publishes what differs from the release before in two tables, far from each other."""
    with duckdb.connect(str(home.serve_db)) as connection:
        connection.execute("update dim_organizations set time_zone = ?", [f"at {number}"])
        connection.execute("update mart_shop_daily_summary set currency_code = ?", [f"at {number}"])
    at = NOW + timedelta(minutes=number)
    return publish(home, at, keep=Retention(RELEASES, 0), schema_version="1.0")


def test_every_client_reads_every_table_while_50_releases_change(
    home: Home, clients: dict[str, Client]
) -> None:
    truth = _Truth(home)
    before = _release(home, 0).release
    with ThreadPoolExecutor(1) as beside:
        for number, name in zip(range(1, RELEASES + 1), itertools.cycle(clients)):
            reading = beside.submit(clients[name].ask, "read", home.published_db)
            after = _release(home, number).release
            answer = reading.result()
            assert answer["release"] in ([before] * 2, [after] * 2), name
            assert answer["tables"] == truth(name, answer["release"][0]), name
            before = after
    for name, client in clients.items():
        answer = client.ask("read", home.published_db)
        assert answer == {"release": [before] * 2, "tables": truth(name, before)}, name
    assert sum(bool(table["times"]) for table in truth("pandas", before).values()) > 15


class _Truth:
    """What this process reads of a release under its own name."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._known: dict[str, dict[str, Any]] = {}

    def __call__(self, client: str, release: str) -> dict[str, Any]:
        """Returns what a client should say of a release."""
        if release not in self._known:
            found = reader.read(reader.Cursor, str(release_path(self._home, release)))
            self._known[release] = found["tables"]
        left_out = {"digest"} if client in WITHOUT_DIGEST else set()
        return {
            name: {key: value for key, value in table.items() if key not in left_out}
            for name, table in self._known[release].items()
        }


def test_every_version_decodes_every_value_of_the_demos_file(
    demo: Demo, clients: dict[str, Client]
) -> None:
    path = demo.home / "published" / "tributary.duckdb"
    expected = reader.summarize(reader.Cursor, str(path))
    assert len(expected) > 35
    for version in VERSIONS:
        assert clients[f"duckdb {version}"].ask("summarize", path) == expected, version


def test_no_client_writes_even_as_root(home: Home, clients: dict[str, Client]) -> None:
    release = _release(home, RELEASES)
    publish_organizations(home)
    organization = next(home.organizations.glob("*.duckdb"))
    paths = [home.published_db, release_path(home, release.release), organization]
    for path in paths:
        path.chmod(0o644)  # as root sees it
    before = [path.read_bytes() for path in paths]
    for name, client in clients.items():
        for path in paths:
            assert ".duckdb.wal" in client.ask("write", path)["refused"], (name, path)
    assert [path.read_bytes() for path in paths] == before
