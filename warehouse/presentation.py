"""What a release has for those who read it: a file and times for every driver, words in place.

Times are instants in UTC, in columns of type ``TIMESTAMP``. As ``TIMESTAMP WITH TIME ZONE``, which
the build has, Python cannot fetch them without a further package, and each tool shows them in a
time zone of its own.
"""

from __future__ import annotations

import duckdb

from warehouse.organization_fingerprints import quoted

_TABLES, _COLUMNS = "docs_tables", "docs_columns"


def for_old_drivers(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes the next checkpoint write all metadata anew. Call before anything is changed.

    DuckDB 1.4 and 1.5 keep the metadata of what did not change, and with it pointers into blocks
    that they give up. They never follow those; DuckDB 1.0 to 1.3 refuse the whole file.
    """
    connection.execute("set experimental_metadata_reuse = false")


def times_in_utc(connection: duckdb.DuckDBPyConnection) -> None:
    """Turns every time with a zone in the tables of ``main`` into the same instant in UTC."""
    found = connection.execute(
        "select table_name, column_name from duckdb_columns() where not internal "
        "and database_name = current_database() and schema_name = 'main' "
        "and data_type = 'TIMESTAMP WITH TIME ZONE'"
    ).fetchall()
    for table, column in found:
        name = quoted(column)
        connection.execute(
            f"alter table main.{quoted(table)} alter {name} type timestamp "
            f"using timezone('UTC', {name})"
        )


def comment_all(connection: duckdb.DuckDBPyConnection) -> None:
    """Gives tables and columns the words of `docs_tables` and `docs_columns`, where they exist.

    Every tool that shows comments then shows them.
    """
    tables = {name for (name,) in connection.execute("show tables").fetchall()}
    if not {_TABLES, _COLUMNS} <= tables:
        return
    words = connection.execute(
        f"select table_name, null, description from {_TABLES} union all "
        f"select table_name, column_name, description from {_COLUMNS} "
        "semi join (select table_name, column_name from duckdb_columns() "
        "where database_name = current_database()) as built using (table_name, column_name)"
    ).fetchall()
    for table, column, text in words:
        if table in tables and text:
            kind, name = "table", f"main.{quoted(table)}"
            if column is not None:
                kind, name = "column", f"{name}.{quoted(column)}"
            literal = str(text).replace("'", "''")
            connection.execute(f"comment on {kind} {name} is '{literal}'")
