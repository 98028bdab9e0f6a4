"""The mapped columns in the header of one file."""

from __future__ import annotations

from collections.abc import Sequence

from connectors.core.errors import ShapeChanged
from connectors.platforms.files.mapping import FileMapping
from connectors.platforms.files.tree import near


def resolve(
    mapping: FileMapping, header: Sequence[str], before: Sequence[str] | None
) -> dict[str, str]:
    """Returns the file's column of each of ours; spelling in capitals or not is no difference.

    Args:
        mapping: what is what.
        header: the columns of this file.
        before: those of the file that was loaded before it.

    Raises:
        ShapeChanged: a mapped column is not there, or its name stands there twice.
    """
    missing: list[str] = []
    sources: dict[str, str] = {}
    for rule in mapping.columns:
        if not rule.source:
            continue
        found = place_of(rule.source, header)
        if found is None:
            missing += [] if rule.optional else [rule.source]
            continue
        if f"{found} (2)" in header:
            raise ShapeChanged(
                f"the header has {found!r} more than once, so it is not clear which one "
                f"{rule.name} is",
                remedy=f"Rename the others, or map {rule.name} to {found + ' (2)'!r} and so on.",
            )
        sources[rule.name] = found
    if missing:
        raise ShapeChanged(
            _missing(missing, header, before),
            remedy="Correct the names under columns in the mapping (or add optional: true), or "
            "export the file with its old header; nothing of it was loaded.",
        )
    return sources


def place_of(source: str, header: Sequence[str]) -> str | None:
    """Returns the column of a header that a mapping means; None when it is not there."""
    if source in header:
        return source
    meant = _folded(source)
    return next((name for name in header if _folded(name) == meant), None)


def _folded(name: str) -> str:
    return " ".join(name.casefold().replace("\xa0", " ").split())


def _missing(missing: Sequence[str], header: Sequence[str], before: Sequence[str] | None) -> str:
    hints = ", ".join(f"{name!r}{near(name, header)}" for name in missing)
    text = f"the file has no column {hints}; its columns are {', '.join(map(repr, header))}"
    if before is None:
        return text
    gone = ", ".join(name for name in before if name not in header)
    new = ", ".join(name for name in header if name not in before)
    return f"{text}; since the last file gone: {gone or 'none'}; new: {new or 'none'}"
