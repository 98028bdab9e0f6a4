"""Which objects (files) of a connection are due. Pure functions over what the sync log knows.

An object is due when its content was not loaded under its present rules:

* a name that was loaded before is due when its content is another than the last time;
* a new name is due unless the same content was loaded under any name;
* of a snapshot only what is newer than the list that counts now: an older list is history that
  would win over the present.

Each set of rules is a revision of the object: a changed mapping, or a replay, makes it due again.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson

from connectors.core.objects import DataObject, LoadedObject
from connectors.core.stream import Kind
from warehouse.sync_rows import LogRow


def loaded_objects(rows: Iterable[LogRow]) -> list[LoadedObject]:
    """Returns the objects that succeeded rows of the log name, in the order of the rows."""
    return [_loaded(row) for row in rows]


def due_objects(
    found: Sequence[DataObject], loaded: Sequence[LoadedObject], kind: Kind
) -> list[DataObject]:
    """Returns the objects to load, in their order.

    Args:
        found: the complete objects, oldest first.
        loaded: those that were loaded, the last one last.
        kind: of which kind they are.
    """
    if kind == "snapshot":
        return _due_lists(found, loaded[-1] if loaded else None)
    return _due_parts(found, loaded)


def object_schema(data: DataObject, schema: Mapping[str, Any]) -> str:
    """Returns what the log keeps of an object beside its name and digest, as JSON."""
    known = {
        "revision": data.revision,
        "modified": data.modified.isoformat(),
        "size": data.size,
    }
    return orjson.dumps({**known, **schema}).decode()


def schema_of(row: LogRow) -> dict[str, Any]:
    """Returns what the log keeps of an object; empty when it keeps nothing."""
    found: dict[str, Any] = orjson.loads(row.object_schema or "{}")
    return found


def _loaded(row: LogRow) -> LoadedObject:
    schema = schema_of(row)
    return LoadedObject(
        row.object_name or "",
        row.object_digest or "",
        str(schema.get("revision", "")),
        datetime.fromisoformat(schema["modified"]),
        row.rows,
        row.rejected_rows,
        schema,
    )


def _due_lists(found: Sequence[DataObject], current: LoadedObject | None) -> list[DataObject]:
    if current is None:
        return _without_repetition(found)
    place = (current.modified, current.name)
    due: list[DataObject] = []
    for data in found:
        same = data.digest == current.digest
        is_again = same and data.revision != current.revision and not due
        is_newer = not same and (data.modified, data.name) > place
        if is_again or is_newer:
            due.append(data)
    return _without_repetition(due)


def _without_repetition(found: Sequence[DataObject]) -> list[DataObject]:
    """Leaves out a list that says the same as the one before it."""
    return [data for n, data in enumerate(found) if n == 0 or data.digest != found[n - 1].digest]


def _due_parts(found: Sequence[DataObject], loaded: Sequence[LoadedObject]) -> list[DataObject]:
    last = {one.name: one for one in loaded}
    contents = {(one.digest, one.revision) for one in loaded}
    places = {one.digest: n for n, one in enumerate(loaded)}
    placed: list[tuple[int, DataObject]] = []
    for data in found:
        content, before = (data.digest, data.revision), last.get(data.name)
        if before is None:
            is_due = content not in contents
        else:
            is_due = (before.digest, before.revision) != content and (
                before.digest != data.digest or content not in contents
            )
        if is_due:
            # What is loaded again keeps its place among the others: the last one loaded wins.
            is_again = before is None or before.digest == data.digest
            place = places.get(data.digest, len(loaded)) if is_again else len(loaded)
            placed.append((place, data))
            contents.add(content)
    return [data for _, data in sorted(placed, key=lambda each: each[0])]
