"""What readers see of a release: it cannot be written, its times and words need no help."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from tests.small_disk import read_only_mount
from warehouse.home import Home
from warehouse.publishing import publish, rollback
from warehouse.releases import release_path
from warehouse.retention import Retention

NOW = datetime(2026, 11, 15, 12, tzinfo=UTC)
WRITES = [
    "insert into facts values (2, now())",
    "delete from facts",
    "create table large as select range as number from range(2000000)",
    "drop table facts; checkpoint",
    "update schema_version set release = 'mine'",
]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    found = Home.open(tmp_path / "home")
    with duckdb.connect(str(found.serve_db)) as connection:
        connection.execute("set TimeZone = 'Asia/Tokyo'")
        connection.execute("create table facts as select 1 as id, ?::timestamptz as made_at", [NOW])
        connection.execute("create table schema_version as select '1.0' as schema_version")
        connection.execute(
            "create table docs_tables as select 'facts' as table_name, 'One row a ''fact''.' as "
            "description union all select 'not_built', 'Is in another build.'"
        )
        connection.execute(
            "create table docs_columns as select 'facts' as table_name, 'made_at' as column_name, "
            "'When it was made.' as description union all select 'facts', 'no_column', 'Gone.'"
        )
    return found


def _published(home: Home) -> list[Path]:
    release = publish(home, NOW)
    return [home.published_db, release_path(home, release.release)]


def _content(path: Path) -> dict[str, object]:
    with duckdb.connect(str(path), read_only=True) as connection:
        names = [name for (name,) in connection.execute("show tables").fetchall()]
        return {name: connection.execute(f"from {name}").fetchall() for name in names}


@pytest.mark.parametrize("statement", WRITES)
def test_who_opens_a_release_to_write_is_refused_and_changes_nothing(
    home: Home, statement: str
) -> None:
    for path in _published(home):
        path.chmod(0o644)  # as root sees it
        before = _content(path)
        with duckdb.connect(str(path)) as connection, pytest.raises(duckdb.Error, match=r"\.wal"):
            connection.execute(statement)
        assert _content(path) == before


def test_it_stays_so_after_a_rollback_and_goes_with_the_release(home: Home) -> None:
    first = publish(home, NOW)
    second = publish(home, NOW.replace(hour=13), keep=Retention(1, 0))
    rollback(home, second.release)
    assert not list(home.releases.glob(f"{first.release}*"))
    assert home.published_db.with_name("tributary.duckdb.wal").is_symlink()
    with duckdb.connect(str(home.published_db)) as connection, pytest.raises(duckdb.Error):
        connection.execute(WRITES[0])


def test_what_a_writer_left_before_is_not_read(home: Home) -> None:
    publish(home, NOW)
    log = home.published_db.with_name("tributary.duckdb.wal")
    log.unlink()
    log.write_bytes(b"of a writer")
    publish(home, NOW.replace(hour=13))
    with duckdb.connect(str(home.published_db), read_only=True) as connection:
        assert connection.execute("select id from facts").fetchall() == [(1,)]


def test_times_are_the_same_instants_in_utc_and_need_no_package(home: Home) -> None:
    (path, _) = _published(home)
    code = (
        "import sys; sys.modules['pytz'] = None; import duckdb;"
        f"c = duckdb.connect({str(path)!r}, read_only=True);"
        "print(c.execute('select made_at from facts').fetchall(),"
        " c.execute('select published_at from schema_version').fetchall())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.count("datetime.datetime(2026, 11, 15, 12, 0)") == 2


def test_tables_and_columns_carry_their_words(home: Home) -> None:
    (path, _) = _published(home)
    with duckdb.connect(str(path), read_only=True) as connection:
        tables = "select comment from duckdb_tables() where table_name = 'facts'"
        assert connection.execute(tables).fetchone() == ("One row a 'fact'.",)
        columns = "select column_name, comment from duckdb_columns() where table_name = 'facts'"
        assert dict(connection.execute(columns).fetchall()) == {
            "id": None,
            "made_at": "When it was made.",
        }


def test_through_a_read_only_mount_nobody_locks_others_out(home: Home, tmp_path: Path) -> None:
    """As the documentation says of those who are root."""
    _published(home)
    with read_only_mount(home.published, tmp_path / "mounted") as mounted:
        path = mounted / home.published_db.name
        with pytest.raises(duckdb.Error, match=r"[Rr]ead-only"):
            duckdb.connect(str(path))
        code = f"import duckdb; duckdb.connect({str(path)!r}, read_only=True).execute('from facts')"
        subprocess.run([sys.executable, "-c", code], check=True)
        publish(home, NOW.replace(hour=13))
        assert _content(path) == _content(home.published_db)
