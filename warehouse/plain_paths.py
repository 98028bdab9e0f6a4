"""Paths that every engine takes as they are, whatever the folders of a home are called.

DuckDB reads ``[``, ``*`` and a backslash in patterns as its own; dbt's adapter reads braces as
places to fill in; Dagster's SQLite address reads ``%41`` as a letter. Some of it can be
escaped in some places, none of it everywhere. So an engine gets another name of the same file: a
symbolic link to the last folder with such a character, and what follows as it is. The link's name
depends on that folder alone, so that views, which hold paths, stand from one build to the next, and
processes at work beside each other make and use the same one. It is made when it is missing, and
left for the next process.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_PLAIN = re.compile(r"[A-Za-z0-9._=/-]*")
_DIGITS = 20
_LINKS: dict[str, str] = {}
"""The links that this process uses, and the folders that they lead to."""


def plain(path: Path) -> str:
    """Returns a name of a file or folder that has only letters, digits and ``._=-``.

    Args:
        path: absolute; it need not exist.

    Raises:
        OSError: a link is needed, and there is no folder of this user's own to put it into.
    """
    odd = [index for index, part in enumerate(path.parts) if not _PLAIN.fullmatch(part)]
    if not odd:
        return str(path)
    folder = Path(*path.parts[: odd[-1] + 1])
    return str(_link(folder).joinpath(*path.parts[odd[-1] + 1 :]))


def why_not(path: Path) -> str | None:
    """Says why a home cannot be at a path; None when it can.

    DuckDB finds the real path of a database behind every link, and puts the name of its write-ahead
    log before the first ``?`` of that.
    """
    where = os.path.realpath(path)
    if "?" not in where:
        return None
    return (
        f"{where} has a question mark, with which DuckDB cannot write a database: rename that "
        "folder, or point TRIBUTARY_HOME at another one"
    )


def literal(path: Path) -> str:
    """Returns that name as a text of SQL, where functions read files by a pattern too."""
    return f"'{plain(path)}'"


def with_real_paths(text: str) -> str:
    """Returns an engine's message with the folders that people know in place of our links."""
    for link, folder in _LINKS.items():
        text = text.replace(link, folder)
    return text


def _link(folder: Path) -> Path:
    """The link to a folder, made unless it is there."""
    name = hashlib.sha256(os.fsencode(folder)).hexdigest()[:_DIGITS]
    refused = []
    for place in _places():
        try:
            _own_folder(place)
            link = place / name
            if not _leads_to(link, folder):
                _forget_dead_links(place)
                _make(link, folder)
        except OSError as error:
            refused.append(f"{place}: {error.strerror or error}")
            continue
        _LINKS[str(link)] = str(folder)
        return link
    raise OSError(
        f"{folder} has characters that DuckDB, dbt or Dagster cannot take, so they need a link to "
        f"it, and none can be made ({'; '.join(refused)}). Set XDG_CACHE_HOME to a folder of your "
        "own whose path has only letters, digits and ._=-, or give TRIBUTARY_HOME such a path"
    )


def _places() -> Iterator[Path]:
    """Where links may lie: what stays before what a machine cleans up now and then."""
    cache = os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser()
    of_user = f"tributary-{os.getuid()}"
    candidates = (
        Path(cache, "tributary", "homes"),
        Path("/var/tmp", of_user),
        Path(tempfile.gettempdir(), of_user),
    )
    return (path for path in candidates if path.is_absolute() and _PLAIN.fullmatch(str(path)))


def _own_folder(path: Path) -> None:
    """Makes a folder that only this user can change, or makes sure that it is one.

    Raises:
        OSError: it is somebody else's, or others may write into it.
    """
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o022:
        raise PermissionError(f"{path} is not a folder that only this user can change")


def _leads_to(link: Path, folder: Path) -> bool:
    try:
        return os.readlink(link) == str(folder)
    except FileNotFoundError:
        return False


def _make(link: Path, folder: Path) -> None:
    """Another process may make it at the same time; both make the same."""
    temporary = link.with_name(f"{link.name}-{os.getpid()}")
    temporary.unlink(missing_ok=True)
    temporary.symlink_to(folder)
    os.replace(temporary, link)


def _forget_dead_links(place: Path) -> None:
    for path in place.iterdir():
        with suppress(FileNotFoundError):  # another process tidies up too
            if path.is_symlink() and not path.exists():
                path.unlink()
