"""Where the files of a source may lie."""

from __future__ import annotations

from pathlib import PurePosixPath

from connectors.platforms.files.tree import MappingError

_OF_THE_SYSTEM = ("/boot", "/dev", "/etc", "/proc", "/run", "/sys", "/var/run")


def check_path(path: str) -> None:
    """Refuses a path that is relative, too wide, or of the system.

    Raises:
        MappingError: the files must lie elsewhere.
    """
    if not path:
        return
    parts = PurePosixPath(path).parts
    if not path.startswith("/"):
        raise MappingError(
            f"mapping: path {path!r} must be absolute; without path the landing folder "
            "of the source is read"
        )
    if ".." in parts or len(parts) == 1 or path.startswith("//"):
        raise MappingError(
            f"mapping: path {path!r} must name a folder or a file without '..', such as "
            "/srv/exports/crm"
        )
    check_place(path, path)


def check_place(path: str, leads_to: str) -> None:
    """Refuses what belongs to the system, and hidden folders.

    Args:
        path: as the mapping has it.
        leads_to: the same, or what its links lead to.

    Raises:
        MappingError: the files must lie elsewhere.
    """
    place = PurePosixPath(leads_to)
    fix = "put the files in a folder of their own, such as /srv/exports/crm"
    if any(place.is_relative_to(each) for each in _OF_THE_SYSTEM):
        raise MappingError(f"mapping: path {path!r} belongs to the system; {fix}")
    if any(part.startswith(".") for part in place.parts):
        raise MappingError(
            f"mapping: path {path!r} leads through a hidden folder, where secrets lie; {fix}"
        )
