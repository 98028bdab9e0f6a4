"""Releases of the published file: their names, what is known of them, and which is current."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson

from warehouse.durable_files import write_bytes
from warehouse.home import Home

LAYOUT = "3"
"""Counts the ways in which published files differ from the build: a new number writes all anew."""

_NAME_PATTERN = re.compile(r"^(\d{8}T\d{6}Z)-(\d{4})$")
_TIME_FORMAT = "%Y%m%dT%H%M%SZ"
_LARGEST_COUNTER = 9999


class PublishError(RuntimeError):
    """The file cannot be published; what is published stays as it was."""


class NotPublished(PublishError):
    """Nothing was published yet."""


class HeldBack(PublishError):
    """What the last build made is not fit to be published: a model or a test of it failed."""


@dataclass(frozen=True, slots=True)
class Release:
    """One published file.

    Attributes:
        release: its name; names sort by time.
        file: path relative to ``published/``.
        published_at: aware instant of the pipeline's clock.
        schema_version: version of the tables; changes only by addition within a major version.
        fingerprint: the build it came from, as the caller named it.
        tables: rows of each table.
        size_bytes: size of the file.
        organizations: fingerprint of each organization's tables; None where they were not asked
            for. Kept beside the release's file and not in ``current.json``.
        skipped: True when ``publish`` found nothing new and returned the current release.
    """

    release: str
    file: str
    published_at: datetime
    schema_version: str
    fingerprint: str | None
    tables: Mapping[str, int]
    size_bytes: int
    organizations: Mapping[str, str] | None = field(default=None, compare=False)
    skipped: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Current:
    """What ``current.json`` says: the release, and the build that a rollback turned away from."""

    release: Release
    rolled_back_fingerprint: str | None = None


def release_path(home: Home, release: str) -> Path:
    """The file of a release.

    Raises:
        PublishError: the name is not a release's name.
    """
    if not _NAME_PATTERN.fullmatch(release):
        raise PublishError(f"{release!r} is not a release; `tributary releases` lists them")
    return home.releases / f"{release}.duckdb"


def release_time(release: str) -> datetime:
    """The instant (UTC, to the second) that a release's name carries."""
    return datetime.strptime(release.partition("-")[0], _TIME_FORMAT).replace(tzinfo=UTC)


def release_names(home: Home) -> list[str]:
    """Names of the kept releases, oldest first."""
    stems = (path.stem for path in home.releases.glob("*.duckdb"))
    return sorted(stem for stem in stems if _NAME_PATTERN.fullmatch(stem))


def releases(home: Home) -> list[Release]:
    """The kept releases, newest first."""
    return [read_release(home, name) for name in reversed(release_names(home))]


def next_release_name(home: Home, now: datetime) -> str:
    """A name that sorts behind every release so far, even when the clock stepped back."""
    known = release_names(home)
    if (current := read_current(home)) is not None:
        known.append(current.release.release)
    at, counter = now.astimezone(UTC).replace(microsecond=0), 1
    if known and (match := _NAME_PATTERN.fullmatch(max(known))):
        last = release_time(max(known))
        if at <= last:
            at, counter = last, int(match[2]) + 1
    if counter > _LARGEST_COUNTER:
        at, counter = at + timedelta(seconds=1), 1
    return f"{at.strftime(_TIME_FORMAT)}-{counter:04d}"


def read_release(home: Home, release: str) -> Release:
    """What is known of a kept release.

    Raises:
        PublishError: there is no such release.
    """
    path = release_path(home, release)
    try:
        return _from_json(orjson.loads(path.with_suffix(".json").read_bytes()))
    except FileNotFoundError:
        known = ", ".join(release_names(home)) or "none"
        raise PublishError(f"release {release} does not exist; there are: {known}") from None


def write_release(home: Home, release: Release) -> None:
    """Writes the description beside the release's file."""
    path = release_path(home, release.release).with_suffix(".json")
    write_bytes(path, orjson.dumps(_to_json(release), option=orjson.OPT_INDENT_2))


def read_current(home: Home) -> Current | None:
    """What is published; None when nothing is.

    Raises:
        PublishError: ``current.json`` is unreadable.
    """
    try:
        found = orjson.loads(home.current_file.read_bytes())
        return Current(_from_json(found), found.get("rolled_back_fingerprint"))
    except FileNotFoundError:
        return None
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError) as error:
        raise PublishError(
            f"{home.current_file} is unreadable ({error}): remove it and run `tributary publish`"
        ) from error


def write_current(home: Home, current: Current) -> None:
    """Names the published release, atomically."""
    content = _to_json(current.release)
    del content["organizations"]
    if current.rolled_back_fingerprint is not None:
        content["rolled_back_fingerprint"] = current.rolled_back_fingerprint
    write_bytes(home.current_file, orjson.dumps(content, option=orjson.OPT_INDENT_2))


def pins(home: Home) -> dict[str, str]:
    """Pinned releases by the name of the pin (who needs it)."""
    try:
        found: dict[str, str] = orjson.loads(home.pins_file.read_bytes())
    except FileNotFoundError:
        return {}
    return found


def pin(home: Home, release: str, name: str) -> None:
    """Keeps a release from being pruned until ``unpin``. Call under the build lock.

    Raises:
        PublishError: there is no such release.
    """
    read_release(home, release)
    write_bytes(home.pins_file, orjson.dumps({**pins(home), name: release}))


def unpin(home: Home, name: str) -> None:
    """Drops a pin; does nothing when there is none of that name. Call under the build lock."""
    left = {pinned: release for pinned, release in pins(home).items() if pinned != name}
    write_bytes(home.pins_file, orjson.dumps(left))


def _to_json(release: Release) -> dict[str, Any]:
    content = asdict(release)
    del content["skipped"]
    content["published_at"] = release.published_at.astimezone(UTC).isoformat()
    content["tables"] = dict(sorted(release.tables.items()))
    return content


def _from_json(content: dict[str, Any]) -> Release:
    return Release(
        release=content["release"],
        file=content["file"],
        published_at=datetime.fromisoformat(content["published_at"]),
        schema_version=content["schema_version"],
        fingerprint=content["fingerprint"],
        tables=content["tables"],
        size_bytes=content["size_bytes"],
        organizations=content.get("organizations"),
    )
