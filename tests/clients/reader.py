"""One reader of the published file, in a process of its own; it imports nothing of ours.

It is started as `python -I -S reader.py KIND PACKAGES` and answers each line of its input, a JSON
list, with a line of JSON: `["read", FILE]`, `["summarize", FILE]` or `["write", FILE]`.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable
from datetime import datetime
from typing import Any, ClassVar

Answer = dict[str, Any]
TABLES = "select table_name from duckdb_tables() where not internal order by table_name"
RELEASE = "select release from schema_version"
TIMES = (
    "select table_name, column_name from duckdb_columns() "
    "where not internal and data_type like 'TIMESTAMP%'"
)
WRITE = "update schema_version set release = 'mine'"


def table_of(rows: list[tuple], names: list[str], times: list[str]) -> Answer:
    """What a table of Python's own values holds: every value, and every time apart."""
    found = {name: iso(row[names.index(name)] for row in rows) for name in times}
    digest = hashlib.sha256("\n".join(repr(row) for row in rows).encode()).hexdigest()
    return {"rows": len(rows), "times": found, "digest": digest}


def iso(times: Iterable[datetime | None]) -> list[str]:
    """Distinct times; a zone would show in them."""
    return sorted({time.isoformat() for time in times if time is not None})


class Cursor:
    """DuckDB's own client."""

    def __init__(self, path: str, read_only: bool) -> None:
        import duckdb

        self.connection = duckdb.connect(path, read_only=read_only)

    def rows(self, sql: str) -> tuple[list[tuple], list[str]]:
        done = self.connection.execute(sql)
        return done.fetchall(), [column[0] for column in done.description]

    def tables(self) -> list[str]:
        return [name for (name,) in self.rows(TABLES)[0]]

    def table(self, name: str, times: list[str]) -> Answer:
        return table_of(*self.rows(f'select * from "{name}"'), times)

    def write(self) -> None:
        self.rows(WRITE)

    def close(self) -> None:
        self.connection.close()


class Pandas(Cursor):
    """A data frame of pandas."""

    def table(self, name: str, times: list[str]) -> Answer:
        return frame_of(self.connection.execute(f'from "{name}"').df(), times)


class Polars(Cursor):
    """A data frame of polars."""

    def table(self, name: str, times: list[str]) -> Answer:
        import polars

        frame = polars.read_database(f'select * from "{name}"', self.connection)
        return {"rows": frame.height, "times": {name: iso(frame[name]) for name in times}}


class Ibis(Cursor):
    """Ibis, which gives pandas' data frames."""

    def __init__(self, path: str, read_only: bool) -> None:
        import ibis

        self.backend = ibis.duckdb.connect(path, read_only=read_only)
        self.connection = self.backend.con

    def tables(self) -> list[str]:
        return sorted(self.backend.list_tables())

    def table(self, name: str, times: list[str]) -> Answer:
        return frame_of(self.backend.table(name).to_pandas(), times)

    def close(self) -> None:
        self.backend.disconnect()


class SqlAlchemy(Cursor):
    """SQLAlchemy: what its inspector finds, selected with its own columns."""

    reflected: ClassVar[dict[str, Any]] = {}  # slow: once for all releases, as applications do

    def __init__(self, path: str, read_only: bool) -> None:
        import sqlalchemy

        self.engine = sqlalchemy.create_engine(
            f"duckdb:///{path}",
            connect_args={"read_only": read_only},
            poolclass=sqlalchemy.pool.NullPool,
        )
        # Without a pool each query opens the file anew, and may find a newer release than the one
        # before. What a process holds open all its connections get.
        self.held = self.engine.connect()
        self.inspector = sqlalchemy.inspect(self.engine)
        self.text = sqlalchemy.text

    def rows(self, sql: str) -> tuple[list[tuple], list[str]]:
        with self.engine.connect() as connection:
            done = connection.execute(self.text(sql))
            return [tuple(row) for row in done.fetchall()], list(done.keys())

    def tables(self) -> list[str]:
        return sorted(self.inspector.get_table_names())

    def table(self, name: str, times: list[str]) -> Answer:
        import sqlalchemy

        if name not in self.reflected:
            # Without its types: duckdb-engine passes what is `Numeric` through a double. And not
            # by `autoload_with`: it cannot say what the primary key is, of any file.
            found = [column["name"] for column in self.inspector.get_columns(name)]
            self.reflected[name] = sqlalchemy.table(name, *map(sqlalchemy.column, found))
        with self.engine.connect() as connection:
            done = connection.execute(sqlalchemy.select(self.reflected[name]))
            return table_of([tuple(row) for row in done.fetchall()], list(done.keys()), times)

    def write(self) -> None:
        with self.engine.begin() as connection:
            connection.execute(self.text(WRITE))

    def close(self) -> None:
        self.held.close()
        self.engine.dispose()


class Superset(SqlAlchemy):
    """What Superset does: its pool, its questions to the inspector, a raw cursor, an Arrow table.

    Its result set (superset/result_set.py) puts the cursor's rows into Arrow column by column,
    under the names of the cursor's description, and hands pandas the table.
    """

    def __init__(self, path: str, read_only: bool) -> None:
        super().__init__(path, read_only)
        self.schema = self.inspector.default_schema_name

    def tables(self) -> list[str]:
        assert self.inspector.get_view_names(self.schema) == []
        return sorted(self.inspector.get_table_names(self.schema))

    def table(self, name: str, times: list[str]) -> Answer:
        import pyarrow

        if name not in self.reflected:
            self.inspector.get_pk_constraint(name, self.schema)
            self.inspector.get_indexes(name, self.schema)
            self.reflected[name] = self.inspector.get_columns(name, self.schema)
        raw = self.engine.raw_connection()
        try:
            cursor = raw.cursor()
            cursor.execute(f'select * from main."{name}" limit 100000')
            rows = cursor.fetchall()
            names = [column[0] for column in cursor.description]
            for column in times:  # the time grain of a chart
                cursor.execute(f'select date_trunc(\'day\', "{column}") from main."{name}"')
                cursor.fetchall()
        finally:
            raw.close()
        assert names == [column["name"] for column in self.reflected[name]]
        columns = [pyarrow.array([row[at] for row in rows]) for at in range(len(names))]
        frame = pyarrow.Table.from_arrays(columns, names).to_pandas(
            integer_object_nulls=True, timestamp_as_object=True
        )
        assert len(frame) == len(rows)
        return table_of([tuple(row) for row in rows], names, times)


def frame_of(frame: Any, times: list[str]) -> Answer:
    """What a data frame of pandas holds."""
    found = {name: iso(frame[name].dropna().dt.to_pydatetime()) for name in times}
    return {"rows": len(frame), "times": found}


KINDS = {
    "duckdb": Cursor,
    "pandas": Pandas,
    "polars": Polars,
    "ibis": Ibis,
    "sqlalchemy": SqlAlchemy,
    "superset": Superset,
}


def read(kind: type[Cursor], path: str) -> Answer:
    """Reads every table; says which release the file was before and after."""
    client = kind(path, read_only=True)
    try:
        before = client.rows(RELEASE)[0][0][0]
        times: dict[str, list[str]] = {}
        for table, column in client.rows(TIMES)[0]:
            times.setdefault(table, []).append(column)
        tables = {name: client.table(name, times.get(name, [])) for name in client.tables()}
        return {"release": [before, client.rows(RELEASE)[0][0][0]], "tables": tables}
    finally:
        client.close()


def summarize(kind: type[Cursor], path: str) -> Answer:
    """Decodes every value of every table, and says little of each: for large files."""
    client = kind(path, read_only=True)
    try:
        found = {}
        for name in client.tables():
            columns = client.rows(f'select * from "{name}" limit 0')[1]
            ask = ", ".join(f'count("{c}"), max("{c}")::varchar' for c in columns)
            found[name] = repr(client.rows(f'select count(*), {ask} from "{name}"')[0])
        return found
    finally:
        client.close()


def write(kind: type[Cursor], path: str) -> Answer:
    """Tries to write with what is the default of most clients; says how it was refused."""
    try:
        client = kind(path, read_only=False)
        try:
            client.write()
        finally:
            client.close()
    except Exception as error:  # each client has its own
        return {"refused": str(error)}
    return {"refused": ""}


def main() -> None:
    """Answers until the input ends."""
    kind = KINDS[sys.argv[1]]
    sys.path.insert(0, sys.argv[2])
    orders = {"read": read, "summarize": summarize, "write": write}
    for line in sys.stdin:
        order, path = json.loads(line)
        print(json.dumps(orders[order](kind, path)), flush=True)


if __name__ == "__main__":
    main()
