"""The nested levels of a record, and the values and the unknown keys on each of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

_NOTHING: dict[str, Any] = {}


@dataclass(slots=True)
class Level:
    """One object of a record: the record itself, or `metrics` inside it.

    Attributes:
        path: dotted path of the object, empty for the record.
        leaves: key and column number of each value that the schema reads here.
        children: the objects inside, by key.
        known: every key that is no surprise here.
    """

    path: str = ""
    leaves: list[tuple[str, int]] = field(default_factory=list)
    children: dict[str, Level] = field(default_factory=dict)
    known: frozenset[str] = frozenset()

    @classmethod
    def of(cls, sources: Sequence[str], ignored: frozenset[str]) -> Level:
        """Builds the levels of a schema from the dotted paths of its columns.

        Raises:
            ValueError: one path reads a value where another reads an object.
        """
        root = cls()
        for number, source in enumerate(sources):
            level, *names = root, *source.split(".")
            for name in names[:-1]:
                path = f"{level.path}.{name}".lstrip(".")
                level = level.children.setdefault(name, cls(path))
            level.leaves.append((names[-1], number))
        root._seal(ignored)
        return root

    def collect(
        self,
        records: Sequence[dict[str, Any]],
        values: list[Sequence[Any]],
        unknown: set[int],
    ) -> Iterator[tuple[int, str]]:
        """Reads the values of all records, a key at a time.

        Args:
            records: this level's object of each record.
            values: filled with the values of each column.
            unknown: filled with the positions of the records that have unknown keys.

        Yields:
            Position and path of each value that should have been an object and is none.
        """
        everywhere = True
        for key, number in self.leaves:
            values[number], in_all = _read(records, key)
            everywhere &= in_all
        inner: dict[str, Sequence[Any]] = {}
        for key in self.children:
            inner[key], in_all = _read(records, key)
            everywhere &= in_all
        if not self._is_exact(records, everywhere) and set().union(*records) - self.known:
            knows = self.known.issuperset
            unknown.update(n for n, record in enumerate(records) if not knows(record))
        for key, child in self.children.items():
            objects, strangers = _objects(inner[key])
            for position in strangers:
                yield position, child.path
            yield from child.collect(objects, values, unknown)

    def _is_exact(self, records: Sequence[dict[str, Any]], everywhere: bool) -> bool:
        """Proves by counting, cheaper than by looking, that there is no unknown key."""
        count = len({key for key, _ in self.leaves}) + len(self.children)
        return everywhere and sum(map(len, records)) == count * len(records)

    def _seal(self, ignored: frozenset[str]) -> None:
        keys = {key for key, _ in self.leaves}
        if keys & set(self.children):
            both = ", ".join(sorted(keys & set(self.children)))
            raise ValueError(f"{both} is read both as a value and as an object")
        self.known = frozenset(keys | set(self.children)) | ignored
        for child in self.children.values():
            child._seal(ignored)


def unknown_parts(
    record: dict[str, Any], level: Level, ignored: frozenset[str], names: set[str]
) -> dict[str, Any]:
    """Returns the fields of a record that the schema does not know, nested under their path.

    Args:
        record: this level's object of the record.
        level: the level.
        ignored: key names that are known and dropped, at any depth.
        names: filled with the dotted paths of the unknown fields.
    """
    parts: dict[str, Any] = {}
    for key, value in record.items():
        if key in level.children:
            if type(value) is dict:
                inside = unknown_parts(value, level.children[key], ignored, names)
                if inside:
                    parts[key] = inside
        elif key not in level.known:
            kept = _without(value, ignored)
            if kept != {} or value == {}:
                parts[key] = kept
                names.add(f"{level.path}.{key}".lstrip("."))
    return parts


def _without(value: Any, ignored: frozenset[str]) -> Any:
    """Drops the ignored keys of an unknown object; one that held nothing else becomes `{}`."""
    if type(value) is not dict or not ignored:
        return value
    kept = {k: _without(v, ignored) for k, v in value.items() if k not in ignored}
    return {k: v for k, v in kept.items() if v != {} or value[k] == {}}


def _read(records: Sequence[dict[str, Any]], key: str) -> tuple[Sequence[Any], bool]:
    """Returns the values under a key and whether every record has it."""
    try:
        return list(map(itemgetter(key), records)), True
    except KeyError:
        return [record.get(key) for record in records], False


def _objects(values: Sequence[Any]) -> tuple[Sequence[dict[str, Any]], list[int]]:
    """Puts an empty object where there is none; also returns where something else stood."""
    if set(map(type, values)) <= {dict}:
        return values, []
    strangers = [n for n, v in enumerate(values) if v is not None and type(v) is not dict]
    return [v if type(v) is dict else _NOTHING for v in values], strangers
