"""Read-only questions to the published file, for ``tributary query``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from warehouse.home import Home
from warehouse.plain_paths import plain
from warehouse.releases import NotPublished, read_current, read_release, release_path

LOGGING = "enable_logging"


class QueryError(ValueError):
    """The SQL is wrong, or asks for what a read-only query may not do."""


def query(
    home: Home, sql: str, *, release: str | None = None, memory_limit: str | None = None
) -> pa.Table:
    """Runs SQL on the published file and returns its rows.

    The file is opened read-only without access to other files, extensions or the network, and
    with ``TimeZone`` UTC. Each call opens the release that is current then, so that a process
    that asks again after a publish sees the new one.

    Args:
        home: the home.
        sql: one or several statements; the rows of the last one are returned.
        release: a kept release instead of the current one.
        memory_limit: DuckDB's limit, such as ``"2GB"``.

    Raises:
        NotPublished: nothing was published yet.
        PublishError: there is no such release.
        QueryError: the SQL is wrong or not allowed; the message is DuckDB's.
    """
    if LOGGING in sql.lower():
        # Where it writes into a file, DuckDB ends the whole process instead of the statement.
        raise QueryError(
            f"{LOGGING} is not allowed: DuckDB's own log is no part of the answers here"
        )
    try:
        with opened(home, release, memory_limit) as connection:
            result = connection.execute(sql)
            # The driver says so of statements that are none, such as `;;` or a mere comment.
            if result is None:
                raise QueryError("the query is empty")
            return result.to_arrow_table()
    except duckdb.Error as error:
        raise QueryError(str(error).strip()) from error


@contextmanager
def opened(
    home: Home, release: str | None = None, memory_limit: str | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Opens the published file read-only, as `query` does.

    Raises:
        NotPublished: nothing was published yet.
        PublishError: there is no such release.
    """
    path = _file(home, release)
    if not path.exists():
        # The release was pruned after current.json was read: it names another one by now.
        path = _file(home, release)
    if not path.exists():
        raise NotPublished(f"{path} is gone: run `tributary publish` to make it anew")
    config: dict[str, str | bool | int | float | list[str]] = {
        "enable_external_access": False,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    if memory_limit is not None:
        config["memory_limit"] = memory_limit
    with duckdb.connect(plain(path), read_only=True, config=config) as connection:
        connection.execute("set TimeZone = 'UTC'")  # known only after ICU is loaded
        connection.execute("set lock_configuration = true")
        yield connection


def _file(home: Home, release: str | None) -> Path:
    if release is not None:
        return release_path(home, read_release(home, release).release)
    current = read_current(home)
    if current is None:
        raise NotPublished(
            f"nothing is published in {home.published} yet: run `tributary run` first"
        )
    return release_path(home, current.release.release)


def rows_of(table: pa.Table) -> list[tuple[Any, ...]]:
    """Returns the rows of an answer as Python's values.

    A column that Python has no values for (days beyond the year 9999 or before the year 1, infinite
    ones, nanoseconds) is text as DuckDB writes it, in every row.
    """
    return list(zip(*(_values(table, place) for place in range(table.num_columns)), strict=True))


def _values(table: pa.Table, place: int) -> list[Any]:
    column = table.column(place)
    try:
        return column.to_pylist()
    except (OverflowError, ValueError):
        # Found by its name in DuckDB: the view has this one column.
        shown = pa.table({"value": column})
        with duckdb.connect() as connection:
            connection.execute("set TimeZone = 'UTC'")
            connection.register("shown", shown)
            found = connection.execute("select cast(value as varchar) from shown").fetchall()
        return [value for (value,) in found]


def distinct_names(names: list[str]) -> list[str]:
    """Returns column names of which none stands twice: the second `a` is `a_1`, as in DuckDB."""
    found: list[str] = []
    for name in names:
        number, fresh = 0, name
        while fresh in found or (number and fresh in names):
            number += 1
            fresh = f"{name}_{number}"
        found.append(fresh)
    return found
