"""Layouts of exports that people have: each is a file of the folder beside this module."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from connectors.platforms.files.currencies import plain
from connectors.platforms.files.tree import MappingError, folded, near

_FOLDER = Path(__file__).with_name("presets")


@dataclass(frozen=True, slots=True)
class Preset:
    """What is known of one export.

    Attributes:
        name: of the preset.
        title: where the export comes from, for people.
        target, kind: of the mapping.
        needs: groups of headers; one of each group makes a file this export.
        columns: ours -> the file's names for it, the best first; or a mapping as they stand in one.
        until: columns with the last day of what a row covers.
        notes: what ours cannot carry.
        more: all other keys.
    """

    name: str
    title: str
    target: str
    kind: str
    needs: Sequence[Sequence[str]]
    columns: Mapping[str, Any]
    until: Sequence[str] = ()
    notes: Sequence[str] = ()
    more: Mapping[str, Any] = field(default_factory=dict)

    def fits(self, header: Sequence[str]) -> bool:
        """Tells whether a header is that of this export."""
        return all(place(group, header) is not None for group in self.needs)

    def known(self, header: Sequence[str]) -> int:
        """Returns how many of our columns a header fills."""
        found = 0
        for given in self.columns.values():
            names = given.get("column", ()) if isinstance(given, Mapping) else given
            found += place(names, header) is not None
        return found


def place(names: Sequence[str], header: Sequence[str]) -> str | None:
    """Returns the first of some names that a header has, as the header spells it.

    A name is there as it stands, or but for the currency or the zone in its end.
    """
    exact = {folded(each): each for each in reversed(header)}
    loose = {plain(each): each for each in reversed(header)}
    for name in names:
        found = exact.get(folded(name)) or loose.get(plain(name))
        if found is not None:
            return found
    return None


@cache
def presets() -> Mapping[str, Preset]:
    """Returns all presets by their names."""
    found = {}
    for path in sorted(_FOLDER.glob("*.yaml")):
        tree = yaml.safe_load(path.read_text("utf-8"))
        own = {key: tree.pop(key) for key in ("title", "target", "kind", "needs", "columns")}
        until, notes = tree.pop("until", ()), tree.pop("notes", ())
        found[path.stem] = Preset(path.stem, **own, until=until, notes=notes, more=tree)
    return found


def preset(name: str) -> Preset:
    """Returns the preset of a name.

    Raises:
        MappingError: there is none.
    """
    known = presets()
    if name not in known:
        raise MappingError(
            f"there is no preset {name!r}{near(name, known)}; there are {', '.join(known)}"
        )
    return known[name]


def recognised(header: Sequence[str]) -> Preset | None:
    """Returns the preset whose export has such a header; None when no one fits, or two as well."""
    fitting = [one for one in presets().values() if one.fits(header)]
    ranked = sorted(fitting, key=lambda one: (len(one.needs), one.known(header)), reverse=True)
    if len(ranked) > 1:
        first, second = ranked[:2]
        if (len(first.needs), first.known(header)) == (len(second.needs), second.known(header)):
            return None
    return ranked[0] if ranked else None
