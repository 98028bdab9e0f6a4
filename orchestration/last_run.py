"""Records of the last whole run, by which the next one knows that nothing is behind.

Three steps write a record, each under its own lock and only once it has succeeded: the build, of
what it read; publishing, of the build files that it published; the run, of how its checks ended.
A step that begins removes its record first. So after whatever was interrupted, failed, was done by
hand or has changed since, a record is missing or differs, and the next run builds.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import orjson
import pyarrow.parquet as pq

from connectors.core import clock
from orchestration.build_report import read_report
from orchestration.dbt_manifest import project_digest
from orchestration.freshness import connection_states
from orchestration.settings import PROJECT_ROOT, retention
from orchestration.workspace import Workspace
from warehouse.durable_files import TEMPORARY_SUFFIX, write_bytes
from warehouse.home import Home

_PACKAGES = ("connectors", "warehouse", "orchestration")
_LIBRARIES = ("dagster", "duckdb", "pyarrow", "dbt-core", "dbt-duckdb")


@dataclass(frozen=True, slots=True)
class LastRun:
    """How the last whole run ended.

    Attributes:
        run_id: its id.
        build: what its build and its publishing have left.
        published: the published files as it left them.
        stale: connections that should have succeeded by then and had not.
        failed_checks, warnings: as `RunResult` has them.
    """

    run_id: str
    build: dict[str, Any]
    published: list[list[object]]
    stale: list[str]
    failed_checks: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def begin_build(home: Home) -> str:
    """Removes the record of the last build; returns what this one reads. Under the build lock."""
    _build_file(home).unlink(missing_ok=True)
    return inputs(home)


def end_build(home: Home, read: str) -> None:
    """Records a build of everything that succeeded. Under the build lock.

    Args:
        home: the home.
        read: what `begin_build` has returned.
    """
    _write(_build_file(home), {"inputs": read})


def record_published(home: Home) -> None:
    """Records that the build files, as they are, are published. Under the build lock."""
    built = _read(_build_file(home))
    if built:
        _write(_build_file(home), {"inputs": built["inputs"], "files": _build_files(home)})


def forget_run(home: Home) -> None:
    """Removes the record of the last run: call it before another one begins."""
    _run_file(home).unlink(missing_ok=True)


def record_run(
    space: Workspace, run_id: str, failed_checks: list[str], warnings: list[str]
) -> None:
    """Records a run of everything whose steps all succeeded."""
    home = space.home
    ended = LastRun(
        run_id,
        _read(_build_file(home)),
        _published_files(home),
        _stale(space),
        failed_checks,
        warnings,
    )
    _write(_run_file(home), asdict(ended))


def standing_run(space: Workspace) -> LastRun | None:
    """Returns the last run if a build now would make what it made; None in any doubt."""
    home = space.home
    try:
        last = LastRun(**_read(_run_file(home)))
    except TypeError:
        return None
    report = read_report(home)
    if report.is_building or report.blockers:
        return None
    if last.build.keys() != {"inputs", "files"} or last.build != _read(_build_file(home)):
        return None
    if last.build["files"] != _build_files(home) or last.published != _published_files(home):
        return None
    space.prepare_lake()
    if last.build["inputs"] != inputs(home) or last.stale != _stale(space):
        return None
    return last


def inputs(home: Home) -> str:
    """Returns a text for all that a build depends on: code, lake, registry, settings and day.

    The lake is known by the names, sizes and times of its files; what has landed in it and was not
    loaded yet is no input of a build.
    """
    digest = hashlib.sha256(code_digest().encode())
    kept = retention()
    digest.update(f"{kept.newest}:{kept.days}:{home.path}\n".encode())
    digest.update(repr(_days(home)).encode())
    for path in sorted(home.registry_dir.glob("*.parquet")):
        digest.update(path.name.encode() + path.read_bytes())
    for name in ("raw", "syncs"):
        for line in files_of_the_lake(home, name):
            digest.update(f"{line}\n".encode())
    for path in sorted(home.lake.glob("*.json")):  # the mark of a compaction at work
        digest.update(f"{_state(path, home)}\n".encode())
    return digest.hexdigest()


def code_digest() -> str:
    """Returns a text for our code, dbt's project and the libraries that work on the data."""
    digest = hashlib.sha256(project_digest().encode())
    for name in _LIBRARIES:
        digest.update(f"{name}={metadata.version(name)}\n".encode())
    for package in _PACKAGES:
        for path in sorted((PROJECT_ROOT / package).rglob("*")):
            if path.suffix in {".py", ".yaml"}:
                digest.update(str(path.relative_to(PROJECT_ROOT)).encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()


def files_of_the_lake(home: Home, name: str) -> Iterator[str]:
    """Yields a line for each file that models read in a folder of the lake: path, size, time."""
    for folder, folders, files in os.walk(home.lake / name, followlinks=True):
        folders.sort()
        for file in sorted(files):
            if not file.endswith(TEMPORARY_SUFFIX):
                yield " ".join(map(str, _state(Path(folder, file), home)))


def _days(home: Home) -> list[str]:
    """Today in UTC and where each organization is: what models that read the clock go by."""
    now = clock.now()
    path = home.registry_dir / "organizations.parquet"
    zones = (
        pq.read_table(path, columns=["time_zone"]).column(0).to_pylist() if path.exists() else ()
    )
    days = {f"{zone} {now.astimezone(ZoneInfo(zone)).date()}" for zone in zones if zone}
    return [f"{now.date()}", *sorted(days)]


def _build_files(home: Home) -> list[list[object]]:
    return _states(home, home.path.glob("*.duckdb*"))


def _published_files(home: Home) -> list[list[object]]:
    files = [home.published_db, home.current_file, home.organizations_file]
    return _states(home, [*files, *home.organizations.glob("*.duckdb")])


def _states(home: Home, paths: Any) -> list[list[object]]:
    return [_state(path, home) for path in sorted(paths)]


def _state(path: Path, home: Home) -> list[object]:
    try:
        found = path.stat()
    except FileNotFoundError:
        return [str(path.relative_to(home.path))]
    return [str(path.relative_to(home.path)), found.st_size, found.st_mtime_ns]


def _stale(space: Workspace) -> list[str]:
    return [state.label for state in connection_states(space) if state.is_stale]


def _build_file(home: Home) -> Path:
    return home.path / "last_build.json"


def _run_file(home: Home) -> Path:
    return home.path / "last_run.json"


def _read(path: Path) -> dict[str, Any]:
    """The content of a record; empty when there is none, or none that can be read."""
    try:
        found = orjson.loads(path.read_bytes())
    except (FileNotFoundError, orjson.JSONDecodeError):
        return {}
    return found if isinstance(found, dict) else {}


def _write(path: Path, content: dict[str, Any]) -> None:
    write_bytes(path, orjson.dumps(content, option=orjson.OPT_INDENT_2))
