"""What the build files record of themselves: rewritten tables, passed tests, the code of views."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

import duckdb

_TABLE = "state.passed_tests"
_CODE = "state.views_code"


def rewrite_counts(files: Iterable[Path]) -> Counter[str]:
    """Returns model -> how many builds have rewritten some of its rows so far.

    Call under the build lock. A file that does not exist yet has rewritten nothing.
    """
    counts: Counter[str] = Counter()
    for path in files:
        if path.exists():
            with duckdb.connect(str(path), read_only=True) as connection:
                if _has(connection, "rewrites"):
                    query = "select model, count(*) from state.rewrites group by 1"
                    counts.update(dict(connection.execute(query).fetchall()))
    return counts


def passed_tests(build_db: Path) -> dict[str, str]:
    """Returns test -> what it had tested when it last passed. Call under the build lock."""
    if not build_db.exists():
        return {}
    with duckdb.connect(str(build_db), read_only=True) as connection:
        if not _has(connection, "passed_tests"):
            return {}
        return dict(connection.execute(f"select test, tested from {_TABLE}").fetchall())


def record_tests(build_db: Path, passed: Mapping[str, str], failed: Iterable[str]) -> None:
    """Writes down which tests passed on what; those that failed are due again.

    Args:
        build_db: the file, under the build lock.
        passed: test -> what it has tested.
        failed: tests that did not pass.
    """
    with duckdb.connect(str(build_db)) as connection:
        connection.begin()
        connection.execute("create schema if not exists state")
        connection.execute(f"create table if not exists {_TABLE} (test varchar, tested varchar)")
        gone = [*passed, *failed]
        connection.execute(f"delete from {_TABLE} where list_contains($1, test)", [gone])
        if passed:
            connection.execute(
                f"insert into {_TABLE} select unnest($1), unnest($2)",
                [list(passed), list(passed.values())],
            )
        connection.commit()


def views_code(build_db: Path) -> str | None:
    """Returns the state of the code that all views and seeds were made by; None: of several."""
    if not build_db.exists():
        return None
    with duckdb.connect(str(build_db), read_only=True) as connection:
        if not _has(connection, "views_code"):
            return None
        found = connection.execute(f"select code from {_CODE}").fetchone()
    return str(found[0]) if found else None


def record_views_code(build_db: Path, code: str | None) -> None:
    """Writes down what made all views and seeds of an existing build file.

    Args:
        build_db: the file, under the build lock.
        code: a text for the state of the code; None when nothing vouches for them any more.
    """
    if not build_db.exists():
        return
    with duckdb.connect(str(build_db)) as connection:
        connection.begin()
        connection.execute("create schema if not exists state")
        connection.execute(f"create or replace table {_CODE} (code varchar)")
        if code is not None:
            connection.execute(f"insert into {_CODE} values (?)", [code])
        connection.commit()


def _has(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    query = "select 1 from duckdb_tables() where schema_name = 'state' and table_name = ?"
    return connection.execute(query, [table]).fetchone() is not None
