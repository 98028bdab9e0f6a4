"""What each organization's tables are made of, as one short text per organization.

Equal texts mean equal files, so that an organization's file is written again only when something
of it changed. The text names the release's shared part (tables that are nobody's, the SQL of
every model, all columns) and, per table of the organization, what its keys were computed from:

- a model's records (schema ``state``) name the organization, or the connection that names it;
- a table that is nobody's is told by its rows, lineage aside;
- a table whose records name neither, or that has none, is told by its rows;
- a table without records that has a column ``as_of`` reads the clock: no two builds have the same
  rows, so it counts by its day.

A record whose connection is not known counts for all organizations: then too much is written, and
never too little.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from warehouse.build_files import reading
from warehouse.build_fingerprints import CLOCK, ORGANIZATION, STATE_SCHEMA
from warehouse.home import SHARED_ORGANIZATION

CONNECTION = "connection_id"
DIRECTORY = "dim_organizations"
"""The table that lists the organizations."""

CONNECTIONS = "dim_connections"
"""The table that says whose a connection is."""

REMOVED = "removed"
_DIGITS = 32


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables of a database with their columns in order, and the records of those that have any.

    Attributes:
        columns: table of ``main`` -> its columns, each name with its type.
        records: model -> columns of its records.
    """

    columns: Mapping[str, Mapping[str, str]]
    records: Mapping[str, Mapping[str, str]]

    @classmethod
    def read(cls, connection: duckdb.DuckDBPyConnection, database: str | None = None) -> Tables:
        """Reads the names of one attached database, default the connection's own."""
        found: dict[str, dict[str, dict[str, str]]] = {"main": {}, STATE_SCHEMA: {}}
        rows = connection.execute(
            "select schema_name, table_name, column_name, data_type from duckdb_columns() "
            "where not internal and database_name = coalesce(?, current_database()) "
            "and schema_name in ('main', ?) order by schema_name, table_name, column_index",
            [database, STATE_SCHEMA],
        ).fetchall()
        for schema, table, column, kind in rows:
            found[schema].setdefault(table, {})[column] = kind
        return cls(found["main"], found[STATE_SCHEMA])

    def of_tenants(self) -> list[str]:
        """Tables whose rows belong to one organization each."""
        return [name for name, columns in self.columns.items() if ORGANIZATION in columns]

    def shared(self) -> list[str]:
        """Tables whose rows are nobody's."""
        return [name for name, columns in self.columns.items() if ORGANIZATION not in columns]


def organizations_of(connection: duckdb.DuckDBPyConnection, tables: Tables) -> list[str]:
    """The organizations that have a file: all that are listed and not removed."""
    columns = tables.columns.get(DIRECTORY)
    if columns is None:
        return []
    there = f"where status is distinct from '{REMOVED}'" if "status" in columns else ""
    rows = connection.execute(
        f"select distinct {ORGANIZATION} from {quoted(DIRECTORY)} {there} order by 1"
    ).fetchall()
    return [str(row[0]) for row in rows if row[0] not in (None, SHARED_ORGANIZATION)]


def organization_fingerprints(serve_db: Path) -> dict[str, str]:
    """Returns the fingerprint of each organization's tables. Call under the build lock.

    Only records are read, and the rows of tables whose records do not say whose they are.
    """
    if not serve_db.exists():
        return {}
    with reading(serve_db) as connection:
        connection.execute("set TimeZone = 'UTC'")
        tables = Tables.read(connection)
        organizations = organizations_of(connection, tables)
        parts: defaultdict[str | None, list[str]] = defaultdict(list)
        parts[None] = [repr(sorted((n, list(c.items())) for n, c in tables.columns.items()))]
        if "versions" in tables.records:
            parts[None].append(_sum(connection, f"{STATE_SCHEMA}.versions"))
        for name in tables.shared():
            parts[None].append(f"{name}:{_shared_part(connection, tables, name)}")
        for name in tables.of_tenants():
            for organization, part in _tenant_parts(connection, tables, name).items():
                parts[organization].append(f"{name}:{part}")
    shared = _digest(parts[None])
    return {name: _digest([shared, *parts[name]]) for name in organizations}


def quoted(name: str) -> str:
    """A name as SQL."""
    return '"' + name.replace('"', '""') + '"'


def _shared_part(connection: duckdb.DuckDBPyConnection, tables: Tables, name: str) -> str:
    # The day of the clock is told by the tenants' tables, if one of them reads it.
    if CLOCK in tables.columns[name]:
        return ""
    # By its rows, without the columns that say which sync brought them: rates are pulled again
    # all day, and the same rates are no reason to write every organization's file.
    told = [quoted(column) for column in tables.columns[name] if not column.startswith("_")]
    return _sum(connection, f"(select {', '.join(told)} from {quoted(name)})")


def _tenant_parts(
    connection: duckdb.DuckDBPyConnection, tables: Tables, name: str
) -> dict[str | None, str]:
    records = tables.records.get(name, {})
    table = quoted(name)
    if ORGANIZATION in records:
        return _sums(connection, f"select {ORGANIZATION} as o, t from {STATE_SCHEMA}.{table} as t")
    if CONNECTION in records and CONNECTIONS in tables.columns:
        return _sums(
            connection,
            f"select c.{ORGANIZATION} as o, t from {STATE_SCHEMA}.{table} as t "
            f"left join (select distinct {CONNECTION}, {ORGANIZATION} from {CONNECTIONS}) as c "
            f"using ({CONNECTION})",
        )
    if not records and CLOCK in tables.columns[name]:
        rows = connection.execute(
            f"select {ORGANIZATION}, max(cast({CLOCK} as date)) from {table} group by 1"
        ).fetchall()
        return {organization: str(day) for organization, day in rows}
    return _sums(connection, f"select {ORGANIZATION} as o, t from {table} as t")


def _sums(connection: duckdb.DuckDBPyConnection, rows: str) -> dict[str | None, str]:
    found = connection.execute(
        f"select o, count(*), sum(hash(t)::hugeint) from ({rows}) group by o"
    ).fetchall()
    return {organization: f"{count}:{total}" for organization, count, total in found}


def _sum(connection: duckdb.DuckDBPyConnection, table: str) -> str:
    """A sum over rows: their order in the file means nothing."""
    row = connection.execute(f"select count(*), sum(hash(t)::hugeint) from {table} as t").fetchone()
    return f"{row}"


def _digest(parts: list[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:_DIGITS]
