"""The published file opens with the DuckDB 1.1 that is inside today's BI tools."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from tests.clients.environments import packages
from tests.warehouse.tenants import build
from warehouse.home import Home
from warehouse.organization_files import publish_organizations
from warehouse.organization_fingerprints import organization_fingerprints
from warehouse.publishing import publish

READ = """
import json, sys
sys.path.insert(0, sys.argv[1])
import duckdb
with duckdb.connect(sys.argv[2], read_only=True) as connection:
    print(json.dumps({
        "version": duckdb.__version__,
        "rows": connection.execute("select count(*), sum(spend)::text, min(day)::text,"
            " max(label), sum(len(tags)), max(detail.name) from fact").fetchone(),
        "comment": connection.execute("select comment from duckdb_tables()"
            " where table_name = 'fact'").fetchone()[0],
    }))
"""


@pytest.fixture(scope="module")
def old_duckdb(request: pytest.FixtureRequest) -> Path:
    return packages("duckdb-1.1", request.config.cache.mkdir("clients"))


def test_a_duckdb_1_1_reads_the_published_file(home: Home, clock, old_duckdb: Path):
    # Attached from another database, as dbt does, in the default storage format.
    with duckdb.connect(str(home.build_db)) as connection:
        connection.execute(f"attach '{home.serve_db}' as serve")
        connection.execute(
            """
            create schema serve.state;
            create table serve.state.x as select range as x from range(50000);
            create table serve.fact as
                select date '2026-01-01' + (range % 365)::int as day,
                    (range * 0.01)::decimal(18, 4) as spend, 'label ' || range % 7 as label,
                    [range, range + 1] as tags, {'name': 'n' || range % 3} as detail,
                    timestamptz '2026-01-01 00:00:00+00' as sold_at
                from range(100000);
            comment on table serve.fact is 'one row per sale';
            """
        )
    publish(home, clock(), schema_version="1.0")
    done = _run(READ, old_duckdb, home.published_db)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["version"] == "1.1.3"
    assert found["rows"] == [100000, "49999500.0000", "2026-01-01", "label 6", 200000, "n2"]
    assert found["comment"] == "one row per sale"


def test_a_duckdb_1_1_reads_an_organizations_file(home: Home, clock, old_duckdb: Path):
    build(home)
    fingerprints = organization_fingerprints(home.serve_db)
    publish(home, clock(), organizations=fingerprints)
    publish_organizations(home)
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); import duckdb;"
        "c = duckdb.connect(sys.argv[2], read_only=True);"
        "print(duckdb.__version__, c.execute('select count(*), max(label), sum(net)::text"
        " from fact').fetchone())"
    )
    done = _run(code, old_duckdb, home.organization_db("acme"))
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "1.1.3 (40, 'acme spent 0', '390.0000')"


def test_a_duckdb_1_1_reads_what_many_builds_led_to(home: Home, clock, old_duckdb: Path):
    """A build keeps what DuckDB knows of unchanged tables, with pointers that 1.0 to 1.3 refuse."""
    with duckdb.connect(str(home.serve_db)) as connection:
        _make_tables(connection, 0, range(45))
        _make_tables(connection, 0, range(0, 45, 3))
    with duckdb.connect(str(home.serve_db)) as connection:
        _make_tables(connection, 1, range(1, 45, 3))
        for table in range(1, 45, 4):
            connection.execute(f"alter table t{table} alter net type double")
        connection.execute("checkpoint")
    count = (
        "import sys; sys.path.insert(0, sys.argv[1]); import duckdb;"
        "c = duckdb.connect(sys.argv[2], read_only=True); c.execute('show tables');"
        "print(sum(c.execute(f'select count(c29) from {t}').fetchone()[0]"
        " for (t,) in c.fetchall() if t != 'schema_version'))"
    )
    refused = _run(count, old_duckdb, home.serve_db)
    assert "Failed to load metadata pointer" in refused.stderr, "this builds no such file any more"
    publish(home, clock(), schema_version="1.0")
    done = _run(count, old_duckdb, home.published_db)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == str(45 * 50)


def _make_tables(connection: duckdb.DuckDBPyConnection, number: int, tables: range) -> None:
    connection.execute("set threads = 1")
    columns = ", ".join(f"'{at}-{number}-' || range as c{at}" for at in range(30))
    for table in tables:
        connection.execute(
            f"create or replace table t{table} as "
            f"select {columns}, range::int as net from range(50)"
        )
    connection.execute("checkpoint")


def _run(code: str, packages: Path, path: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", "-c", code, str(packages), str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=False)
