"""Lines of a file of events: NDJSON, plain or in gzip, and Parquet."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from connectors.core.errors import ShapeChanged

LARGEST = 32 * 1024
"""Bytes of a line. Segment takes no longer ones: https://segment.com/docs/connections/sources"""
_PIECE = 1 << 20
_BATCH = 2_000
_BOM = b"\xef\xbb\xbf"
_BROKEN = (EOFError, OSError, zlib.error)
SUFFIXES = (".ndjson", ".jsonl", ".json", ".ndjson.gz", ".jsonl.gz", ".json.gz", ".parquet")
"""How names of files of events end, in small letters."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line.

    Attributes:
        number: in the file, from 1.
        content: the object; None when it could not be read.
        reason: why it could not be.
        bytes: as it lies in the file.
    """

    number: int
    content: dict[str, Any] | None
    reason: str = ""
    bytes: int = 0


def lines_of(path: Path) -> Iterator[Line]:
    """Yields the lines of a file.

    Raises:
        ShapeChanged: it cannot be opened, or is no Parquet although its name says so.
    """
    name = path.name.lower()
    try:
        if name.endswith(".parquet"):
            yield from _parquet(path)
            return
        with gzip.open(path) if name.endswith(".gz") else open(path, "rb") as file:
            yield from _ndjson(file)  # type: ignore[arg-type]
    except FileNotFoundError:
        raise ShapeChanged("the file is gone") from None
    except PermissionError as trouble:
        raise ShapeChanged(f"the file cannot be read: {trouble.strerror}") from None


def _ndjson(file: BinaryIO) -> Iterator[Line]:
    number, rest = 0, b""
    while True:
        try:
            piece = file.read(_PIECE)
        except _BROKEN as trouble:
            yield Line(number + 1, None, f"the file breaks off: {trouble}", len(rest))
            return
        if not piece:
            break
        *whole, rest = (rest + piece).split(b"\n")
        for line in whole:
            number += 1
            if found := _line(number, line):
                yield found
        if len(rest) > LARGEST:
            # Of a line without an end only that it is too long is remembered.
            rest = rest[: LARGEST + 1]
    if rest.strip():
        found = _line(number + 1, rest)
        if found and found.content is None and found.bytes <= LARGEST:
            why = "the last line is cut off; the file may still be growing"
            found = Line(found.number, None, why, found.bytes)
        if found:
            yield found


def _line(number: int, line: bytes) -> Line | None:
    """One line of JSON; None for a blank one."""
    size = len(line)
    if size > LARGEST:
        return Line(number, None, f"it is longer than {LARGEST} bytes", size)
    if number == 1:
        line = line.removeprefix(_BOM)
    if not line.strip():
        return None
    try:
        found = orjson.loads(line)
    except orjson.JSONDecodeError as trouble:
        # The message quotes nothing of the line.
        return Line(number, None, f"it is not JSON: {trouble.msg}", size)
    if not isinstance(found, dict):
        return Line(number, None, "it is not a JSON object", size)
    return Line(number, found, "", size)


def _parquet(path: Path) -> Iterator[Line]:
    number = 0
    try:
        file = pq.ParquetFile(path)
        size = path.stat().st_size // max(file.metadata.num_rows, 1)
    except (pa.ArrowException, OSError, ValueError) as trouble:
        raise ShapeChanged(
            f"it is not a Parquet file: {trouble}", remedy="Write it again and drop it again."
        ) from None
    try:
        for batch in file.iter_batches(_BATCH):
            for row in batch.to_pylist():
                number += 1
                yield _row(number, row, size)
    except (pa.ArrowException, OSError, ValueError) as trouble:
        yield Line(number + 1, None, f"the file is damaged: {trouble}", 0)


def _row(number: int, row: dict[str, Any], size: int) -> Line:
    """A row as the line that it would be: columns that hold JSON are read."""
    found = {name: _read(value) for name, value in row.items() if value is not None}
    try:
        size_as_line = len(orjson.dumps(found, default=str))
    except (TypeError, orjson.JSONEncodeError):
        return Line(number, None, "it holds what JSON has no word for", size)
    if size_as_line > LARGEST:
        return Line(number, None, f"it is longer than {LARGEST} bytes", size)
    return Line(number, found, "", size)


def _read(value: Any) -> Any:
    if isinstance(value, str) and value[:1] in ("{", "["):
        try:
            return orjson.loads(value)
        except orjson.JSONDecodeError:
            return value
    return value
