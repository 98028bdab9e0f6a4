"""Lines of JSON, one object a line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

import orjson

from connectors.core.errors import ShapeChanged
from connectors.platforms.files.foreign import refuse_foreign
from connectors.platforms.files.rows import (
    BATCH_BYTES,
    BATCH_ROWS,
    LARGEST_ROW,
    MOST_COLUMNS,
    BadRow,
    RowBatch,
)

_SHOWN = 10_000
_LOOKED_AT = 4_096


class JsonRows:
    """The objects of a file of JSON lines. Each names its own columns.

    Args:
        file: open for reading bytes, at its beginning.
    """

    fixed = False

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        refuse_foreign(file.read(_LOOKED_AT), "")
        file.seek(0)
        self.header: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[RowBatch]:
        records: list[dict[str, Any]] = []
        batch = RowBatch([], {})
        number = 0
        while line := self._file.readline(LARGEST_ROW):
            number += 1
            if len(line) >= LARGEST_ROW:
                raise ShapeChanged(
                    f"line {number} is longer than {LARGEST_ROW // 2**20} MB",
                    remedy="Write one JSON object on each line.",
                )
            batch.bytes += len(line)
            if not line.strip():
                batch.blank += 1
                continue
            record = _record(line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line)
            if isinstance(record, dict):
                batch.numbers.append(number)
                records.append(record)
            else:
                shown = line[:_SHOWN].decode("utf-8", "backslashreplace").rstrip()
                batch.bad.append(BadRow(number, str(record), shown))
            rows = len(records) + len(batch.bad)
            if rows >= BATCH_ROWS or batch.bytes >= BATCH_BYTES:
                yield self._filled(batch, records)
                batch, records = RowBatch([], {}), []
        if number == 0:
            raise ShapeChanged("the file is empty", remedy="Export it again.")
        yield self._filled(batch, records)

    def _filled(self, batch: RowBatch, records: list[dict[str, Any]]) -> RowBatch:
        names = dict.fromkeys(self.header)
        for record in records:
            names.update(dict.fromkeys(record))
        if len(names) > MOST_COLUMNS:
            raise ShapeChanged(f"the objects have more than {MOST_COLUMNS} different keys")
        self.header = tuple(names)
        batch.columns = {name: [record.get(name) for record in records] for name in names}
        return batch


def _record(line: bytes) -> dict[str, Any] | str:
    try:
        found = orjson.loads(line)
    except orjson.JSONDecodeError as trouble:
        return f"it is not JSON: {trouble}"
    return found if isinstance(found, dict) else "it is not a JSON object"
