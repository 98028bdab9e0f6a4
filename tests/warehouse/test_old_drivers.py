"""The published file opens with the DuckDB 1.1 that is inside today's BI tools."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from tests.warehouse.tenants import build
from warehouse.home import Home
from warehouse.organization_files import publish_organizations
from warehouse.organization_fingerprints import organization_fingerprints
from warehouse.publishing import publish

OLD_DUCKDB = "duckdb==1.1.3"
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
def old_duckdb(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("old_duckdb")
    uv = Path(sys.executable).parent / "uv"
    if not uv.exists():
        pytest.skip("uv is not in the environment, so the DuckDB 1.1 wheel cannot be installed")
    command = [uv, "pip", "install", "-q", "--python", sys.executable, "--target", directory]
    try:
        done = subprocess.run(
            [*command, OLD_DUCKDB], capture_output=True, text=True, timeout=120, check=False
        )
    except subprocess.TimeoutExpired:
        pytest.skip(f"{OLD_DUCKDB} could not be installed within 120 s")
    if done.returncode != 0:
        pytest.skip(f"{OLD_DUCKDB} could not be installed: {done.stderr.strip()[-200:]}")
    return directory


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
    done = subprocess.run(
        [sys.executable, "-I", "-c", READ, str(old_duckdb), str(home.published_db)],
        capture_output=True,
        text=True,
        check=False,
    )
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
    done = subprocess.run(
        [sys.executable, "-I", "-c", code, str(old_duckdb), str(home.organization_db("acme"))],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "1.1.3 (40, 'acme spent 0', '390.0000')"
