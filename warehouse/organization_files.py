"""One DuckDB file per organization: its rows alone, and the tables that are nobody's.

The files are made from a release, which never changes, so neither a build nor a reader waits for
them. Each is written anew: a copy of the release from which others' rows were deleted would still
hold them in its free blocks. A file is written only when the fingerprint of what it would hold
differs from the one that ``published/organizations.json`` has of it; the index is written after the
files it names, so that a kill leaves a file to be written once more and never one that is stale.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

import duckdb
import orjson

from warehouse.durable_files import (
    LakeFull,
    disk_guard,
    fsync_directory,
    replacing,
    sweep_temporaries,
    temporary_for,
    write_bytes,
)
from warehouse.file_copies import copy_file
from warehouse.home import Home, HomeError
from warehouse.locks import OnWait, file_lock
from warehouse.organization_fingerprints import Tables, organizations_of, quoted
from warehouse.plain_paths import literal, plain
from warehouse.presentation import for_old_drivers
from warehouse.read_only import MODE, forbid_writing, forget, log_of
from warehouse.releases import (
    LAYOUT,
    PublishError,
    Release,
    read_current,
    read_release,
    release_path,
)

_INDEX_SECONDS = 1.0
_SOURCE, _TARGET = "release", "organization"
Progress = Callable[[str, int, int], object]
"""Takes the organization, which of how many it is."""


@dataclass(frozen=True, slots=True)
class OrganizationFile:
    """What the index says of one file.

    Attributes:
        file: path relative to ``published/``.
        release: the release whose rows it holds; it may be older than the current one, of which
            this organization's rows are the same.
        published_at: when that release was published.
        fingerprint: names what the file holds.
        size_bytes: size of the file.
    """

    file: str
    release: str
    published_at: datetime
    fingerprint: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class OrganizationFiles:
    """What one call did.

    Attributes:
        release: the current release.
        written: organizations whose file was written.
        unchanged: organizations whose file holds what it should.
        removed: organizations whose file is gone, as they are.
        failed: organizations whose file could not be written, and why.
    """

    release: str
    written: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)


def publish_organizations(
    home: Home, *, on_wait: OnWait | None = None, progress: Progress | None = None
) -> OrganizationFiles:
    """Makes every organization's file hold its rows of the current release.

    Call it after ``publish`` and ``rollback``, without the build lock. One organization's trouble
    is reported and stops no other.

    Raises:
        PublishError: nothing was published yet, or the release is gone.
        LakeFull: the disk is full. Files that were not reached stay as they were.
    """
    with file_lock(home.organizations_lock_file, "the lock of organizations' files", on_wait):
        sweep_temporaries(home.organizations)
        current = read_current(home)
        if current is None:
            raise PublishError("nothing was published yet: run `tributary run` first")
        release = read_release(home, current.release.release)
        wanted = _wanted(home, release)
        index = read_organizations(home)
        done = OrganizationFiles(release.release)
        stale = {}
        for name, fingerprint in wanted.items():
            entry = index.get(name)
            if entry and entry.fingerprint == fingerprint and _exists(home, name):
                done.unchanged.append(name)
            else:
                stale[name] = fingerprint
        if stale:
            _write_all(home, release, stale, index, done, progress)
        _remove(home, set(wanted), index, done)
        _write_index(home, release.release, index)
        return done


def read_organizations(home: Home) -> dict[str, OrganizationFile]:
    """What the index says of each organization's file; a damaged index says nothing."""
    try:
        found = orjson.loads(home.organizations_file.read_bytes())["organizations"]
        return {
            name: OrganizationFile(
                **{**entry, "published_at": datetime.fromisoformat(entry["published_at"])}
            )
            for name, entry in found.items()
        }
    except (FileNotFoundError, orjson.JSONDecodeError, KeyError, TypeError, ValueError):
        return {}  # then all files are written again, which mends it


def _wanted(home: Home, release: Release) -> dict[str, str]:
    """The fingerprint of what each organization's file has to hold."""
    found: Mapping[str, str] | None = release.organizations
    if found is None:
        # Published without fingerprints: all that can be said is which release it is.
        with duckdb.connect(plain(release_path(home, release.release)), read_only=True) as reading:
            names = organizations_of(reading, Tables.read(reading))
        found = dict.fromkeys(names, release.release)
    return {name: f"{LAYOUT}-{fingerprint}" for name, fingerprint in found.items()}


def _exists(home: Home, organization: str) -> bool:
    try:
        return home.organization_db(organization).exists()
    except HomeError:
        return False


def _write_all(
    home: Home,
    release: Release,
    stale: Mapping[str, str],
    index: dict[str, OrganizationFile],
    done: OrganizationFiles,
    progress: Progress | None,
) -> None:
    said = time.monotonic()
    with _Source(home, release) as source:
        for number, (name, fingerprint) in enumerate(stale.items(), 1):
            if progress:
                progress(name, number, len(stale))
            try:
                size = source.write(name, home.organization_db(name))
            except LakeFull:
                raise
            except (HomeError, duckdb.Error) as error:
                done.failed[name] = str(error).strip().splitlines()[0]
                continue
            file = home.organization_db(name).relative_to(home.published).as_posix()
            index[name] = OrganizationFile(
                file, release.release, release.published_at, fingerprint, size
            )
            done.written.append(name)
            if time.monotonic() - said > _INDEX_SECONDS:
                _write_index(home, release.release, index)
                said = time.monotonic()


def _remove(
    home: Home, wanted: set[str], index: dict[str, OrganizationFile], done: OrganizationFiles
) -> None:
    """Removes the files of organizations that are gone, also those that the index forgot."""
    for path in sorted(home.organizations.glob("*.duckdb")):
        if path.stem not in wanted:
            forget(path)
            done.removed.append(path.stem)
    for name in set(index) - wanted:
        del index[name]
    if done.removed:
        fsync_directory(home.organizations)


def _write_index(home: Home, release: str, index: Mapping[str, OrganizationFile]) -> None:
    entries = {name: asdict(index[name]) for name in sorted(index)}
    content = orjson.dumps(
        {"release": release, "organizations": entries}, option=orjson.OPT_INDENT_2
    )
    if not home.organizations_file.exists() or home.organizations_file.read_bytes() != content:
        write_bytes(home.organizations_file, content)


class _Source:
    """A release as the source of organizations' files; holds it open, pruned or not.

    The tables that are nobody's are written once, into a temporary that every file begins as a
    copy of.
    """

    def __init__(self, home: Home, release: Release) -> None:
        self._home, self._release = home, release
        self._template = temporary_for(home.organizations / "shared.duckdb")

    def __enter__(self) -> _Source:
        path = release_path(self._home, self._release.release)
        if not path.exists():
            raise PublishError(f"{path} is gone: run `tributary publish` to make it anew")
        self._connection = duckdb.connect()
        try:
            for_old_drivers(self._connection)
            self._attach(path, _SOURCE, "read_only")
            self._tables = Tables.read(self._connection, _SOURCE)
            self._comments = self._read_comments()
            with disk_guard(self._home.organizations):
                self._create(self._template, self._tables.shared(), None)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()
        self._template.unlink(missing_ok=True)

    def write(self, organization: str, path: Path) -> int:
        """Writes one organization's file; returns its size."""
        with replacing(path) as temporary:
            try:
                copy_file(self._template, temporary)
                self._create(temporary, self._tables.of_tenants(), organization)
                temporary.chmod(MODE)
                size = temporary.stat().st_size
                forbid_writing(path)
            finally:
                log_of(temporary).unlink(missing_ok=True)
        return size

    def _create(self, path: Path, tables: list[str], organization: str | None) -> None:
        """Creates tables in a database, with the rows of one organization or with all."""
        self._attach(path, _TARGET, "read_write")
        try:
            # One transaction: each would wait for the disk.
            self._connection.execute("begin")
            for table in tables:
                only = "" if organization is None else " where organization_id = ?"
                self._connection.execute(
                    f"create table {_TARGET}.{quoted(table)} as "
                    f"select * from {_SOURCE}.{quoted(table)}{only}",
                    None if organization is None else [organization],
                )
                for comment in self._comments.get(table, ()):
                    self._connection.execute(comment)
            self._connection.execute("commit")
            self._connection.execute(f"checkpoint {_TARGET}")
        except duckdb.Error:
            with suppress(duckdb.Error):  # none is open after a commit
                self._connection.execute("rollback")
            raise
        finally:
            self._connection.execute(f"detach {_TARGET}")

    def _read_comments(self) -> dict[str, list[str]]:
        """Statements that give the tables and their columns the comments they have."""
        found: dict[str, list[str]] = {}
        where = f"database_name = '{_SOURCE}' and schema_name = 'main' and comment is not null"
        rows = self._connection.execute(
            f"select table_name, null, comment from duckdb_tables() where {where} union all "
            f"select table_name, column_name, comment from duckdb_columns() where {where}"
        ).fetchall()
        for table, column, comment in rows:
            kind, name = "table", f"{_TARGET}.{quoted(table)}"
            if column is not None:
                kind, name = "column", f"{name}.{quoted(column)}"
            text = str(comment).replace("'", "''")
            found.setdefault(table, []).append(f"comment on {kind} {name} is '{text}'")
        return found

    def _attach(self, path: Path, name: str, mode: str) -> None:
        self._connection.execute(f"attach {literal(path)} as {name} ({mode})")
