"""Complete files of a source: found in its landing folder or at its path, never touched.

A file is left alone while it is being written: names of unfinished copies are passed over, and the
rest must have a marker, a manifest that agrees, or stand still.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePath
from typing import Literal

import orjson

from connectors.core.errors import ShapeChanged
from connectors.core.landed import (
    MARKER,
    PIECE,
    UNFINISHED,
    Identity,
    digest_of,
    identity_of,
    printable,
)
from connectors.core.objects import DataObject
from connectors.platforms.files.foreign import suffix_of
from connectors.platforms.files.mapping import FileMapping
from connectors.platforms.files.places import check_place
from connectors.platforms.files.reading import format_of
from connectors.platforms.files.tree import MappingError

MANIFEST = ".manifest.json"
LOOK_AGAIN_SECONDS = 1.0

State = Literal["complete", "unfinished", "ignored"]


@dataclass(frozen=True, slots=True)
class Landed:
    """A file of the folder and whether it may be loaded.

    Attributes:
        name: relative to the folder, printable.
        path: where it is.
        state: `complete`, `unfinished` (still being written) or `ignored`.
        reason: why it is not complete.
    """

    name: str
    path: Path
    state: State
    reason: str = ""
    identity: Identity = (0, 0, 0, 0)

    @property
    def modified(self) -> datetime:
        """When it was last written."""
        return datetime.fromtimestamp(self.identity[3] / 1e9, UTC)


def files(mapping: FileMapping, landing: Path, *, wait: bool = True) -> list[Landed]:
    """Returns every file of a source with its state, oldest first.

    Args:
        mapping: says where, and when a file is complete.
        landing: the landing folder of the source.
        wait: whether to look twice at a young file; without it, it counts as unfinished.
    """
    found = [_first_look(mapping, name, path) for name, path in _listed(mapping, landing)]
    young = [n for n, one in enumerate(found) if one.state == "unfinished" and not one.reason]
    if young and wait:
        time.sleep(min(LOOK_AGAIN_SECONDS, mapping.settle_seconds))
    for n in young:
        found[n] = _second_look(found[n], wait)
    return sorted(found, key=lambda one: (one.identity[3], one.name))


def objects(
    mapping: FileMapping, landing: Path, replays: dict[str, str], *, wait: bool = True
) -> list[DataObject]:
    """Returns the complete files of a source, oldest first."""
    found = files(mapping, landing, wait=wait)
    return [data_object(one, mapping, replays) for one in found if one.state == "complete"]


def data_object(one: Landed, mapping: FileMapping, replays: dict[str, str]) -> DataObject:
    """Returns a complete file with the digest of its content."""
    digest = digest_of(str(one.path), one.identity)
    replay = replays.get(digest)
    return DataObject(
        one.name,
        digest,
        one.identity[2],
        one.modified,
        str(one.path),
        f"{mapping.revision}.{replay}" if replay else mapping.revision,
    )


def expected_rows(path: str) -> int | None:
    """Returns how many rows a file's manifest promises; None without a manifest or a number."""
    manifest = _manifest(Path(path))
    rows = manifest.get("rows") if manifest else None
    return rows if isinstance(rows, int) else None


def root_of(mapping: FileMapping, landing: Path) -> Path:
    """Returns where the files of a source lie.

    Raises:
        ShapeChanged: the mapping's path is not there.
    """
    root = Path(mapping.path) if mapping.path else landing
    if mapping.path and not root.exists():
        raise ShapeChanged(
            f"the path {root} is not there", remedy="Correct path in the mapping, or mount it."
        )
    return root


def check_path(mapping: FileMapping, home: str, key_file: str) -> None:
    """Refuses a path that leads to secrets, or into the pipeline's own folder.

    Args:
        mapping: whose path.
        home: the pipeline's folder, where other sources' files lie; empty when it is not known.
        key_file: the file of the credential key; empty when it is not known.

    Raises:
        MappingError: it does, by whatever links.
    """
    if not mapping.path:
        return
    path = Path(mapping.path).resolve()
    check_place(mapping.path, str(path))
    for own, what in ((home, "Tributary's own folder"), (key_file, "the credential key")):
        if own and _meet(path, Path(own).resolve()):
            raise MappingError(
                f"mapping: path {mapping.path!r} meets {what} {own}; leave path out "
                "to read the landing folder of the source, or name a folder outside"
            )


def _meet(path: Path, own: Path) -> bool:
    return path.is_relative_to(own) or own.is_relative_to(path)


def _listed(mapping: FileMapping, landing: Path) -> Iterator[tuple[str, Path]]:
    """Names and paths below the folder that the pattern selects. Links are not followed."""
    root = root_of(mapping, landing)
    if mapping.path and root.is_file():
        # Whoever wrote the path into the mapping meant what it leads to.
        yield printable(root.name), root.resolve()
        return
    for folder, folders, names in os.walk(root, onerror=_refuse, followlinks=False):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(folder, name)
            relative = path.relative_to(root)
            if _selected(relative, mapping.files):
                yield printable(str(relative)), path


def _refuse(trouble: OSError) -> None:
    """A folder that cannot be read is a failure, not an empty folder."""
    if not isinstance(trouble, FileNotFoundError):
        raise ShapeChanged(
            f"the folder {trouble.filename} cannot be read: {trouble.strerror}",
            remedy="Give Tributary the right to read it.",
        )


def _selected(relative: PurePath, pattern: str) -> bool:
    if relative.name.endswith((MARKER, MANIFEST)):
        return False
    return pattern in {"**/*", "**"} or relative.match(pattern.removeprefix("**/"))


def _first_look(mapping: FileMapping, name: str, path: Path) -> Landed:
    """The state of a file; unfinished without a reason when a second look must decide."""
    plain = path.name
    try:
        found = os.stat(path, follow_symlinks=False)
    except OSError as trouble:
        return Landed(name, path, "unfinished", f"cannot be looked at: {trouble.strerror}")
    identity = identity_of(found)
    if stat.S_ISLNK(found.st_mode):
        return Landed(name, path, "ignored", "a link; links are not followed", identity)
    if not stat.S_ISREG(found.st_mode):
        return Landed(name, path, "ignored", "not a file", identity)
    if plain.startswith((".", "~$")):
        return Landed(name, path, "ignored", "hidden", identity)
    if plain.lower().endswith(UNFINISHED):
        return Landed(name, path, "unfinished", "its name is that of an unfinished copy", identity)
    if not format_of(plain, mapping.format) and not suffix_of(plain):
        return Landed(name, path, "ignored", "no format that is known by its suffix", identity)
    return _by_marker(mapping, Landed(name, path, "unfinished", "", identity))


def _by_marker(mapping: FileMapping, one: Landed) -> Landed:
    if one.path.with_name(one.path.name + MARKER).exists():
        return _as(one, "complete")
    manifest = _manifest(one.path)
    if manifest is not None:
        promised = str(manifest.get("sha256", ""))
        if promised and digest_of(str(one.path), one.identity) != promised.lower():
            return _as(one, "unfinished", "its content is not (yet) what its manifest says")
        return _as(one, "complete")
    if mapping.ready == "marker":
        return _as(one, "unfinished", f"waits for {one.path.name}{MARKER}")
    if mapping.ready == "manifest":
        return _as(one, "unfinished", f"waits for {one.path.name}{MANIFEST}")
    age = time.time() - one.identity[3] / 1e9
    return _as(one, "complete") if age >= mapping.settle_seconds else one


def _second_look(one: Landed, waited: bool) -> Landed:
    if not waited:
        return _as(one, "unfinished", "written a moment ago")
    try:
        found = os.stat(one.path, follow_symlinks=False)
    except OSError:
        return _as(one, "unfinished", "it is gone")
    if identity_of(found) != one.identity:
        return _as(one, "unfinished", "it is being written")
    return _as(one, "complete")


def _as(one: Landed, state: State, reason: str = "") -> Landed:
    return Landed(one.name, one.path, state, reason, one.identity)


def _manifest(path: Path) -> dict[str, object] | None:
    """The manifest beside a file; None when there is none that can be read (yet)."""
    beside = path.with_name(path.name + MANIFEST)
    try:
        if beside.stat().st_size > PIECE:
            return None
        found = orjson.loads(beside.read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return None
    return found if isinstance(found, dict) else None
