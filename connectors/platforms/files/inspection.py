"""What the newest file of a source looks like to its mapping, before anything is loaded."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from connectors.core.errors import ConnectorError
from connectors.platforms.files import landing
from connectors.platforms.files.headers import place_of, resolve, shown
from connectors.platforms.files.mapping import FileMapping
from connectors.platforms.files.reading import header_of


def inspect(mapping: FileMapping, folder: Path) -> list[str]:
    """Compares the header of the newest complete file with a mapping.

    Args:
        mapping: what is what.
        folder: the landing folder of the source.

    Returns:
        Remarks on what is no mistake: which file it was, or that there is none yet; columns that
        nobody mapped; optional ones that are not there.

    Raises:
        ConnectorError: the file cannot be read, or lacks a column that is mapped.
    """
    # Whoever drops a file and asks at once means that file, so a young one is waited for.
    complete = [one for one in landing.files(mapping, folder) if one.state == "complete"]
    if not complete:
        root = landing.root_of(mapping, folder)
        return [f"no complete file in {root} yet: drop one and its header is compared"]
    newest, header = complete[-1], tuple[str, ...]()
    try:
        header = header_of(str(newest.path), newest.name, newest.identity[2], mapping)
        resolve(mapping, header, None)
    except ConnectorError as trouble:
        remarks = "; ".join(_remarks(mapping, header))
        trouble.message = f"{newest.name}: {trouble.message}" + (f"; {remarks}" if remarks else "")
        raise
    return [f"{newest.name} has every column that it needs", *_remarks(mapping, header)]


def _remarks(mapping: FileMapping, header: Sequence[str]) -> list[str]:
    sources = [name for rule in mapping.columns for name in rule.sources]
    places = {name: place_of(name, header) for name in sources}
    used = {*places.values()}
    named = shown(mapping, header, None)
    unmapped = [name for name in named if name not in used and not mapping.ignores(name)]
    optional = {rule.source for rule in mapping.columns if rule.optional}
    absent = [name for name, place in places.items() if place is None and name in optional]
    remarks = []
    if unmapped:
        remarks.append(
            f"not mapped: {_listed(unmapped)} (kept in _extra; name them under columns to use "
            "them, under ignore to leave them out)"
        )
    if header and absent:
        remarks.append(
            f"optional and not there: {_listed(absent)} (correct the name under columns if it "
            "should be)"
        )
    return remarks


def _listed(names: Sequence[str]) -> str:
    return ", ".join(map(repr, names))
