"""Publishing: a checked copy of ``serve.duckdb`` takes the place of the file that BI opens.

No file that a reader has open is ever touched: releases are written under temporary names and
renamed, and the published name is moved from one release to the next by a rename. The file is
written in DuckDB's default storage format (readable since 1.0, as tests show), which publishing
checks: a ``serve.duckdb`` that was attached with a newer ``STORAGE_VERSION`` is refused.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import duckdb

from warehouse.durable_files import (
    disk_guard,
    fsync_file,
    rename_durably,
    replacing,
    sweep_temporaries,
    temporary_for,
)
from warehouse.file_copies import copy_file, link_or_copy
from warehouse.home import Home
from warehouse.plain_paths import plain
from warehouse.presentation import comment_all, for_old_drivers, times_in_utc
from warehouse.read_only import MODE, forbid_writing, log_of
from warehouse.releases import (
    Current,
    NotPublished,
    PublishError,
    Release,
    next_release_name,
    read_current,
    read_release,
    release_path,
    write_current,
    write_release,
)
from warehouse.retention import Retention, prune

KEEP = Retention()
INTERNAL_SCHEMAS = ("state",)
OLDEST_STORAGE = "v1.0.0+"
"""DuckDB's name of the storage format that drivers since 1.0 read."""


def publish(
    home: Home,
    now: datetime,
    *,
    keep: Retention = KEEP,
    fingerprint: str | None = None,
    organizations: Mapping[str, str] | None = None,
    schema_version: str | None = None,
    internal_schemas: Sequence[str] = INTERNAL_SCHEMAS,
    expected_tables: Sequence[str] = (),
) -> Release:
    """Publishes ``serve.duckdb`` as a new release. Call under the build lock.

    The copy gets a one-row table ``schema_version`` (schema_version, release, published_at), so
    that a reader can ask the file which release it is.

    Args:
        home: the home.
        now: the pipeline's clock, aware.
        keep: which releases stay besides the current and pinned ones.
        fingerprint: names the build's content. When the current release has the same (or a
            rollback turned away from it), nothing is written.
        organizations: fingerprint of each organization's tables, for ``publish_organizations``.
        schema_version: version of the tables; default what the build's own ``schema_version``
            table says in its column of that name.
        internal_schemas: schemas that are dropped from the copy.
        expected_tables: tables that must be there (``schema.table`` outside ``main``).

    Returns:
        The new release, or the current one with ``skipped=True``.

    Raises:
        PublishError: there is no build, another process has it open, or the copy fails a check.
        LakeFull: the disk is full. In every case what is published stays as it was.
    """
    current = read_current(home)
    if current is not None and not _points_at(home, current):
        # A process was killed between the two steps that move the name.
        _point_at(home, current)
    if current is not None and fingerprint is not None and _is_known(home, current, fingerprint):
        return replace(current.release, skipped=True)
    sweep_temporaries(home.published)
    sweep_temporaries(home.releases)
    with disk_guard(home.path):
        _checkpoint(home.serve_db)
    name = next_release_name(home, now)
    path = release_path(home, name)
    temporary = temporary_for(path)
    try:
        with disk_guard(home.releases):
            copy_file(home.serve_db, temporary)
            version, tables = _prepare(
                temporary, name, now, schema_version, internal_schemas, expected_tables
            )
            temporary.chmod(MODE)
            fsync_file(temporary)
            release = Release(
                release=name,
                file=f"releases/{path.name}",
                published_at=now,
                schema_version=version,
                fingerprint=fingerprint,
                tables=tables,
                size_bytes=temporary.stat().st_size,
                organizations=organizations,
            )
            write_release(home, release)
            forbid_writing(path)
            rename_durably(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
        log_of(temporary).unlink(missing_ok=True)
    _point_at(home, Current(release))
    prune(home, now, keep)
    return release


def rollback(home: Home, release: str) -> Release:
    """Makes a kept release the published one again. Call under the build lock.

    The build that is published now is remembered, so that ``publish`` does not bring the same
    content back; a build with new content is published as ever.

    Raises:
        PublishError: there is no such release, or its file does not open.
        NotPublished: nothing was published yet.
    """
    current = read_current(home)
    if current is None:
        raise NotPublished("nothing was published yet: run `tributary run` first")
    target = read_release(home, release)
    _count_rows(release_path(home, release))
    turned_away = current.rolled_back_fingerprint or current.release.fingerprint
    same_build = target.fingerprint == turned_away
    _point_at(home, Current(target, None if same_build else turned_away))
    return target


def _points_at(home: Home, current: Current) -> bool:
    """Tells whether the published name holds the release that ``current.json`` names."""
    if not home.published_db.exists() or not release_path(home, current.release.release).exists():
        return True  # there is nothing to mend: the next release takes both places
    try:
        with duckdb.connect(plain(home.published_db), read_only=True) as connection:
            return _one(connection, "select release from schema_version") == current.release.release
    except duckdb.Error:
        return False


def _is_known(home: Home, current: Current, fingerprint: str) -> bool:
    known = (current.release.fingerprint, current.rolled_back_fingerprint)
    complete = home.published_db.exists() and release_path(home, current.release.release).exists()
    return fingerprint in known and complete


def _checkpoint(serve_db: Path) -> None:
    """Moves the write-ahead log into the file, so that the file alone is the database."""
    if not serve_db.exists():
        raise PublishError(f"{serve_db} does not exist: run `tributary run` to build it first")
    try:
        with duckdb.connect(plain(serve_db)) as connection:
            connection.execute("checkpoint")
    except duckdb.Error as error:
        raise PublishError(
            f"{serve_db} cannot be opened for publishing ({_first_line(error)}): close the process "
            "that has it open; BI tools belong on published/tributary.duckdb"
        ) from error
    if log_of(serve_db).exists():
        raise PublishError(f"{serve_db} still has a write-ahead log after its checkpoint")


def _prepare(
    path: Path,
    release: str,
    now: datetime,
    schema_version: str | None,
    internal_schemas: Sequence[str],
    expected_tables: Sequence[str],
) -> tuple[str, dict[str, int]]:
    """Turns the copy into a release; returns its schema version and the rows of each table."""
    try:
        with duckdb.connect(plain(path)) as connection:
            for_old_drivers(connection)
            for schema in internal_schemas:
                connection.execute(f"drop schema if exists {_quoted(schema)} cascade")
            _check_format(connection)
            version = _stamp(connection, release, now, schema_version)
            connection.execute("begin")
            times_in_utc(connection)
            comment_all(connection)
            connection.execute("commit")
            connection.execute("checkpoint")
        tables = _count_rows(path)
    except duckdb.Error as error:
        raise PublishError(f"the copy of the build is not usable: {_first_line(error)}") from error
    missing = sorted(set(expected_tables) - set(tables))
    if missing or set(tables) == {"schema_version"}:
        raise PublishError(f"the build lacks tables: {', '.join(missing) or 'it has none'}")
    return version, tables


def _check_format(connection: duckdb.DuckDBPyConnection) -> None:
    tags = _one(
        connection, "select tags from duckdb_databases() where database_name = current_database()"
    )
    if not isinstance(tags, dict) or tags.get("storage_version") != OLDEST_STORAGE:
        raise PublishError(
            f"serve.duckdb has storage {tags}, which old BI drivers cannot open: create it without "
            "STORAGE_VERSION (the default is the oldest format)"
        )
    views = connection.execute(
        "select schema_name || '.' || view_name from duckdb_views() where not internal order by 1"
    ).fetchall()
    if views:
        names = ", ".join(str(row[0]) for row in views)
        raise PublishError(f"the build has views, which break outside of it: {names}")


def _stamp(
    connection: duckdb.DuckDBPyConnection, release: str, now: datetime, schema_version: str | None
) -> str:
    built = connection.execute(
        "select 1 from duckdb_columns() where not internal and schema_name = 'main' "
        "and table_name = 'schema_version' and column_name = 'schema_version'"
    ).fetchall()
    if built:
        found = _one(connection, "select schema_version from schema_version")
        if schema_version is not None and str(found) != schema_version:
            raise PublishError(f"the build has schema version {found}, not {schema_version}")
        schema_version = None if found is None else str(found)
    if schema_version is None:
        raise PublishError("the build names no schema version: it needs a table schema_version")
    connection.execute(
        "create or replace table schema_version as select ?::varchar as schema_version, "
        "?::varchar as release, ?::timestamptz as published_at",
        [schema_version, release, now],
    )
    return schema_version


def _count_rows(path: Path) -> dict[str, int]:
    """Opens a file read-only and reads every table's row count."""
    try:
        with duckdb.connect(plain(path), read_only=True) as connection:
            names = connection.execute(
                "select schema_name, table_name from duckdb_tables() "
                "where not internal order by all"
            ).fetchall()
            counts = {}
            for schema, table in names:
                label = table if schema == "main" else f"{schema}.{table}"
                query = f"select count(*) from {_quoted(schema)}.{_quoted(table)}"
                counts[label] = int(str(_one(connection, query)))
            return counts
    except duckdb.Error as error:
        raise PublishError(f"{path} does not open: {_first_line(error)}") from error


def _point_at(home: Home, current: Current) -> None:
    """Moves the published name to a release: readers that have the old file open keep it."""
    source = release_path(home, current.release.release)
    forbid_writing(home.published_db)
    with replacing(home.published_db) as temporary:
        link_or_copy(source, temporary)
    write_current(home, current)


def _one(connection: duckdb.DuckDBPyConnection, query: str) -> object:
    row = connection.execute(query).fetchone()
    return None if row is None else row[0]


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _first_line(error: Exception) -> str:
    return str(error).strip().split(os.linesep, maxsplit=1)[0]
