"""What each table of a build file was made of when it was last built whole, as one short text.

The record of a table stands in the file that holds the table: a file that is replaced by an older
one brings its own records along.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import duckdb

from warehouse.build_files import reading, writing

_TABLE = "state.made_of"


def made_of(path: Path) -> dict[str, str]:
    """Returns table -> what it was made of, of the tables that the file holds and knows it of.

    Call under the build lock. A file that does not exist holds none.
    """
    if not path.exists():
        return {}
    with reading(path) as connection:
        if not _has_records(connection):
            return {}
        rows = connection.execute(
            f"""
            select model, text from {_TABLE}
            where model in (select table_name from duckdb_tables() where schema_name = 'main')
            """
        ).fetchall()
    return dict(rows)


def record_made_of(path: Path, texts: Mapping[str, str]) -> None:
    """Writes down what tables are made of. Call under the build lock, once they are built."""
    if texts:
        with writing(path) as connection:
            connection.execute("create schema if not exists state")
            connection.execute(f"create table if not exists {_TABLE} (model varchar, text varchar)")
            connection.begin()
            connection.execute(
                f"delete from {_TABLE} where list_contains($1::varchar[], model)", [list(texts)]
            )
            connection.execute(
                f"insert into {_TABLE} select unnest($1::varchar[]), unnest($2::varchar[])",
                [list(texts), list(texts.values())],
            )
            connection.commit()


def forget_made_of(path: Path, kept: Iterable[str] = ()) -> None:
    """Removes records: call it before whatever may change tables, under the build lock.

    Args:
        path: the file; one that does not exist has no records.
        kept: the tables that stay as they are.
    """
    if not path.exists():
        return
    with writing(path) as connection:
        if _has_records(connection):
            connection.execute(
                f"delete from {_TABLE} where not list_contains($1::varchar[], model)", [list(kept)]
            )


def forget_seen(path: Path) -> None:
    """Removes what tables have read when they were built last: each then looks at all of it again.

    Call under the build lock. A file that does not exist has no records.
    """
    if path.exists():
        with writing(path) as connection:
            if _has_records(connection, "seen"):
                connection.execute("delete from state.seen")


def _has_records(connection: duckdb.DuckDBPyConnection, table: str = "made_of") -> bool:
    query = "select 1 from duckdb_tables() where schema_name = 'state' and table_name = ?"
    return connection.execute(query, [table]).fetchone() is not None
