"""The mapped columns in the header of one file."""

from __future__ import annotations

from collections.abc import Sequence

from connectors.core.errors import ShapeChanged
from connectors.core.personal import scrubbed
from connectors.platforms.files.mapping import FileMapping
from connectors.platforms.files.tree import folded, near


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
        for name, source in ((rule.name, rule.source), (hours_of(rule.name), rule.time_source)):
            found = place_of(source, header) if source else None
            if found is None:
                missing += [source] if source and not rule.optional else []
                continue
            if f"{found} (2)" in header:
                raise ShapeChanged(
                    f"the header has {found!r} more than once, so it is not clear which one "
                    f"{rule.name} is",
                    remedy=f"Rename the others, or map {rule.name} to {found + ' (2)'!r} and so "
                    "on.",
                )
            sources[name] = found
    if missing:
        raise ShapeChanged(
            _missing(mapping, missing, header, before),
            remedy="Correct the names under columns in the mapping (or add optional: true), or "
            "export the file with its old header; nothing of it was loaded.",
        )
    return sources


def hours_of(name: str) -> str:
    """Under which name the sources have the column with the times of day of one of ours."""
    return f"{name}: time"


def place_of(source: str, header: Sequence[str]) -> str | None:
    """Returns the column of a header that a mapping means; None when it is not there."""
    if source in header:
        return source
    meant = folded(source)
    return next((name for name in header if folded(name) == meant), None)


def shown(mapping: FileMapping, header: Sequence[str], before: Sequence[str] | None) -> list[str]:
    """Returns the names of a header for people; none where it may be a row of values.

    A file without a header begins with somebody's name and address. Only a row with a name that is
    known is a header, and even there an address is no name.
    """
    known = [*(before or ()), *(name for rule in mapping.columns for name in rule.sources)]
    is_known = any(place_of(name, header) for name in known) or any(map(mapping.ignores, header))
    return [scrubbed(name, lambda _: "***") for name in header] if is_known else []


def _missing(
    mapping: FileMapping,
    missing: Sequence[str],
    header: Sequence[str],
    before: Sequence[str] | None,
) -> str:
    names = shown(mapping, header, before)
    hints = ", ".join(f"{name!r}{near(name, names)}" for name in missing)
    if not names:
        return (
            f"the file has no column {hints}, nor any other that the mapping names: its header row "
            f"with {len(header)} cells seems to be no header; a file needs one, or state header_row"
        )
    text = f"the file has no column {hints}; its columns are {', '.join(map(repr, names))}"
    if before is None:
        return text
    gone = ", ".join(name for name in before if name not in header)
    new = ", ".join(name for name in names if name not in before)
    return f"{text}; since the last file gone: {gone or 'none'}; new: {new or 'none'}"
