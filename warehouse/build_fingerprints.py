"""What a build is made of, as one short text: equal builds have equal fingerprints."""

from __future__ import annotations

import hashlib
from pathlib import Path

import duckdb

from warehouse.build_files import reading
from warehouse.releases import LAYOUT

STATE_SCHEMA = "state"
ORGANIZATION, CLOCK = "organization_id", "as_of"
_PER_BUILD = ["rewrites", "seen"]
"""What each invocation did, and had read, also when nothing changed."""


def build_fingerprint(serve_db: Path) -> str | None:
    """Returns the fingerprint of what ``serve.duckdb`` holds. Call under the build lock.

    Each model records beside its table what every key of it was computed from (schema ``state``),
    so these records name the content of the whole file without reading it. A table of organizations
    that has no records and a column ``as_of`` reads the clock: no two builds have the same rows, so
    it counts by its day.

    Returns:
        None when the file or its records do not exist: then nothing can be said.
    """
    if not serve_db.exists():
        return None
    with reading(serve_db) as connection:
        tables = connection.execute(
            "select table_name from duckdb_tables() where schema_name = ? "
            "and not list_contains(?, table_name) order by 1",
            [STATE_SCHEMA, _PER_BUILD],
        ).fetchall()
        digest = hashlib.sha256(LAYOUT.encode())
        for (name,) in tables:
            quoted = '"' + str(name).replace('"', '""') + '"'
            # A sum over rows: their order in the file means nothing.
            row = connection.execute(
                "select count(*), sum(hash(records)::hugeint) "
                f"from {STATE_SCHEMA}.{quoted} as records"
            ).fetchone()
            digest.update(f"{name}:{row}\n".encode())
        digest.update("".join(_days_of_clocks(connection)).encode())
    return digest.hexdigest() if tables else None


def _days_of_clocks(connection: duckdb.DuckDBPyConnection) -> list[str]:
    tables = connection.execute(
        "select table_name from duckdb_columns() where schema_name = 'main' and not internal "
        "group by 1 having bool_or(column_name = ?) and bool_or(column_name = ?) "
        "and table_name not in (select table_name from duckdb_tables() where schema_name = ?) "
        "order by 1",
        [ORGANIZATION, CLOCK, STATE_SCHEMA],
    ).fetchall()
    connection.execute("set TimeZone = 'UTC'")
    return [
        f"{name}:{connection.execute(query).fetchone()}\n"
        for (name,) in tables
        for query in [f'select max(cast({CLOCK} as date)) from main."{name}"']
    ]
