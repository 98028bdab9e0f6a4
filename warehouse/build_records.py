"""What the build files record of themselves: rewritten tables, tests, failed models, code of views.

From these records publishing knows whether what was built is fit to be published: see
``release_blockers``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from warehouse.build_files import reading, writing

_CODE = "state.views_code"
_TESTS = "state.tests"
_FAILED_MODELS = "state.failed_models"
_FORMER_TABLE = "state.passed_tests"
"""What homes of earlier versions have in place of ``state.tests``."""

HARMLESS = ("pass", "warn")
"""Verdicts that hold no release back; all others do, and so does the lack of one."""


@dataclass(frozen=True, slots=True)
class Test:
    """A test of a build.

    Attributes:
        id: its unique id.
        name: what people call it.
        code: a text for the code that it stands for: another text makes it due.
        tables: the tables that it reads; it is due when one of them was rewritten.
    """

    id: str
    name: str
    code: str
    tables: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a test or a model ended.

    Attributes:
        status: ``pass``, ``warn``, ``fail`` or ``error``.
        message: what dbt said, on one line.
    """

    status: str
    message: str = ""


@dataclass(frozen=True, slots=True)
class Blocker:
    """Something that holds back the next release.

    Attributes:
        kind: ``model`` or ``test``.
        name: which.
        reason: why, in words for people.
    """

    kind: str
    name: str
    reason: str

    def __str__(self) -> str:
        return f"{self.kind} {self.name}: {self.reason}"


def rewrite_counts(files: Iterable[Path]) -> Counter[str]:
    """Returns model -> how many builds have rewritten some of its rows so far.

    Call under the build lock. A file that does not exist yet has rewritten nothing.
    """
    counts: Counter[str] = Counter()
    for path in files:
        if path.exists():
            with reading(path) as connection:
                if _has(connection, "rewrites"):
                    query = "select model, count(*) from state.rewrites group by 1"
                    counts.update(dict(connection.execute(query).fetchall()))
    return counts


def record_plan(build_db: Path, tests: Iterable[Test]) -> None:
    """Writes down which tests the tables must pass, before a build changes any table.

    A test that is new, or whose code is, has no verdict until it has run. Call under the build
    lock, with all tests of a run: a test that is not among them is forgotten.
    """
    with _changing(build_db) as connection:
        connection.execute(f"drop table if exists {_FORMER_TABLE}")
        connection.execute(
            f"create table if not exists {_TESTS} (test varchar, name varchar, code varchar, "
            "tables varchar[], rewrites bigint, status varchar, message varchar)"
        )
        planned = list(tests)
        connection.execute(
            f"""
            create or replace table {_TESTS} as
            select
                plan.*,
                known.rewrites, known.status, known.message
            from (
                select
                    unnest($1::varchar[]) as test, unnest($2::varchar[]) as name,
                    unnest($3::varchar[]) as code, unnest($4::varchar[][]) as tables
            ) as plan
            left join {_TESTS} as known
                on plan.test = known.test and plan.code = known.code and plan.tables = known.tables
            """,
            [
                [test.id for test in planned],
                [test.name for test in planned],
                [test.code for test in planned],
                [list(test.tables) for test in planned],
            ],
        )


def settled_tests(files: Iterable[Path], build_db: Path) -> list[str]:
    """Returns the ids of the tests that passed on the tables as they are now.

    One that only warned is not among them: it says so in every run.
    """
    return [
        test
        for test, _, status, _, is_current in _tests(files, build_db)
        if status == "pass" and is_current
    ]


def outdated_tests(files: Iterable[Path], build_db: Path) -> list[str]:
    """Returns the ids of the tests that have no verdict on the tables as they are now."""
    return [
        test
        for test, _, status, _, is_current in _tests(files, build_db)
        if status is None or not is_current
    ]


def built_names(files: Iterable[Path]) -> set[str]:
    """Returns the tables and views that the build files hold. Call under the build lock."""
    found: set[str] = set()
    for path in files:
        if path.exists():
            with reading(path) as connection:
                query = (
                    "select table_name from information_schema.tables where table_schema = 'main'"
                )
                found |= {name for (name,) in connection.execute(query).fetchall()}
    return found


def record_tests(files: Iterable[Path], build_db: Path, verdicts: Mapping[str, Verdict]) -> None:
    """Writes down how tests ended, by their unique ids, on the tables as they are now.

    Tests that no plan names are left out.
    """
    counts = rewrite_counts(files)
    with _changing(build_db) as connection:
        known = dict(connection.execute(f"select test, tables from {_TESTS}").fetchall())
        ended = [test for test in verdicts if test in known]
        connection.execute(
            f"""
            update {_TESTS} as tests
            set rewrites = ended.rewrites, status = ended.status, message = ended.message
            from (
                select
                    unnest($1::varchar[]) as test, unnest($2::bigint[]) as rewrites,
                    unnest($3::varchar[]) as status, unnest($4::varchar[]) as message
            ) as ended
            where tests.test = ended.test
            """,
            [
                ended,
                [sum(counts[table] for table in known[test]) for test in ended],
                [verdicts[test].status for test in ended],
                [verdicts[test].message for test in ended],
            ],
        )


def record_models(
    build_db: Path, built: Iterable[str], failed: Mapping[str, tuple[str, str]]
) -> None:
    """Writes down which models failed; one that was built has not failed any more.

    Args:
        build_db: the file, under the build lock.
        built: unique ids of models.
        failed: unique id -> name, message.
    """
    with _changing(build_db) as connection:
        connection.execute(
            f"create table if not exists {_FAILED_MODELS} "
            "(model varchar, name varchar, message varchar)"
        )
        gone = [*built, *failed]
        connection.execute(f"delete from {_FAILED_MODELS} where list_contains($1, model)", [gone])
        for model, (name, message) in failed.items():
            connection.execute(
                f"insert into {_FAILED_MODELS} values (?, ?, ?)", [model, name, message]
            )


def release_blockers(files: Iterable[Path], build_db: Path) -> list[Blocker]:
    """Returns what holds back a release of the tables as they are now; empty: nothing does.

    A model that failed and was not built since; a test that did not pass, or has not run since
    a table that it reads was rewritten (the build was interrupted, or was one of a few tables).
    Call under the build lock.
    """
    found = [Blocker("model", name, message) for name, message in _failed_models(build_db)]
    for _, name, status, message, is_current in _tests(files, build_db):
        if status is not None and status not in HARMLESS:
            found.append(Blocker("test", name, message or status))
        elif not is_current or status is None:
            found.append(Blocker("test", name, "has not run since its tables changed"))
    return found


def _tests(
    files: Iterable[Path], build_db: Path
) -> list[tuple[str, str, str | None, str | None, bool]]:
    """Each test: id, name, status, message, and whether its tables are as it saw them."""
    if not build_db.exists():
        return []
    counts = rewrite_counts(files)
    with reading(build_db) as connection:
        if not _has(connection, "tests"):
            return []
        rows = connection.execute(
            f"select test, name, status, message, rewrites, tables from {_TESTS} order by name"
        ).fetchall()
    return [
        (test, name, status, message, rewrites == sum(counts[table] for table in tables))
        for test, name, status, message, rewrites, tables in rows
    ]


def _failed_models(build_db: Path) -> list[tuple[str, str]]:
    if not build_db.exists():
        return []
    with reading(build_db) as connection:
        if not _has(connection, "failed_models"):
            return []
        return connection.execute(
            f"select name, message from {_FAILED_MODELS} order by name"
        ).fetchall()


def views_code(build_db: Path) -> str | None:
    """Returns the state of the code that all views and seeds were made by; None: of several."""
    if not build_db.exists():
        return None
    with reading(build_db) as connection:
        if not _has(connection, "views_code"):
            return None
        found = connection.execute(f"select code from {_CODE}").fetchone()
    return str(found[0]) if found else None


def record_views_code(build_db: Path, code: str | None) -> None:
    """Writes down what made all views and seeds of an existing build file.

    Args:
        build_db: the file, under the build lock.
        code: a text for the state of the code; None when they may be of several states.
    """
    if not build_db.exists():
        return
    with _changing(build_db) as connection:
        connection.execute(f"create or replace table {_CODE} (code varchar)")
        if code is not None:
            connection.execute(f"insert into {_CODE} values (?)", [code])


@contextmanager
def _changing(build_db: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """One transaction on the build file, with the schema ``state`` in it."""
    with writing(build_db) as connection:
        connection.begin()
        connection.execute("create schema if not exists state")
        yield connection
        connection.commit()


def _has(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    query = "select 1 from duckdb_tables() where schema_name = 'state' and table_name = ?"
    return connection.execute(query, [table]).fetchone() is not None
