"""Pages of JSON records into typed record batches, a column at a time.

The record loop is thin: one pass for each column, unknown keys as a set for each level of nesting,
and types cast by Arrow. Single records are looked at only when a page holds something that does not
fit; then those records are rejected, with a reason, and all the others stay.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pyarrow as pa

from connectors.core.casting import cast, text_of
from connectors.core.columns import Column
from connectors.core.levels import Level, unknown_parts
from connectors.core.personal import Hasher, scrubbed, token
from connectors.core.ranges import bounded
from connectors.core.stream import Page, Stream

__all__ = ["EXTRA", "Hasher", "PageTyper", "Rejected", "TypedPage"]

_KNOWN_PERSONS = 10_000
EXTRA = "_extra"
"""Name of the last column: JSON of the fields that the schema does not know, null if none."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record that does not fit the schema.

    Attributes:
        reason: every misfit of the record, for people.
        payload_json: the whole record as JSON, personal values replaced by their tokens.
        raw_path: dotted JSON path of the first misfit.
    """

    reason: str
    payload_json: str
    raw_path: str


@dataclass(frozen=True, slots=True)
class TypedPage:
    """A typed page.

    Attributes:
        batch: the stream's columns, then `_extra`.
        rejected: the records that did not fit, and parts that were set aside.
        unknown_fields: dotted JSON paths that the schema does not know.
        bytes: size of the page as it was sent.
    """

    batch: pa.RecordBatch
    rejected: tuple[Rejected, ...]
    unknown_fields: frozenset[str]
    bytes: int = 0


class PageTyper:
    """Types the pages of one stream.

    Args:
        stream: whose pages.
        hash_pii: turns a normalised personal value into a token.

    Raises:
        ValueError: the stream has personal columns and there is no `hash_pii`.
    """

    def __init__(self, stream: Stream, hash_pii: Hasher | None = None) -> None:
        personal = [column.name for column in stream.columns if column.pii]
        if personal and hash_pii is None:
            raise ValueError(f"stream {stream.name}: {', '.join(personal)} need a key to be hashed")
        self._columns = stream.columns
        self._schema = stream.arrow_schema.append(pa.field(EXTRA, pa.string()))
        self._ignored = stream.ignored
        self._level = Level.of([column.source for column in stream.columns], stream.ignored)
        # One person has many records of a page: each value is hashed once.
        self._hash = hash_pii and lru_cache(maxsize=_KNOWN_PERSONS)(hash_pii)

    def type(self, page: Page) -> TypedPage:
        """Returns the typed page. It raises nothing for what a platform may send."""
        records, misfits = self._objects(page.records)
        values: list[Sequence[Any]] = [()] * len(self._columns)
        unknown: set[int] = set()
        for position, path in self._level.collect(records, values, unknown):
            misfits.setdefault(position, []).append((path, f"{path} is not an object"))
        arrays = []
        for column, found in zip(self._columns, values, strict=True):
            array, why = self._converted(found, column)
            array, out_of_range = bounded(array, column)
            why |= out_of_range
            for position, reason in why.items():
                misfit = (column.source, f"{column.source}: {reason}")
                misfits.setdefault(position, []).append(misfit)
            if column.required and array.null_count:
                _require(array, column, misfits)
            arrays.append(array)
        names, extra = self._extra(records, unknown)
        batch = pa.RecordBatch.from_arrays([*arrays, extra], schema=self._schema)
        if misfits:
            kept = pa.array([n not in misfits for n in range(len(records))], pa.bool_())
            batch = batch.filter(kept)
        rejected = [self._rejected(page.records[n], misfits[n]) for n in sorted(misfits)]
        rejected += [self._rejected(part.part, [("", part.reason)]) for part in page.set_aside]
        return TypedPage(batch, tuple(rejected), names, page.bytes)

    def _objects(
        self, records: Sequence[Any]
    ) -> tuple[Sequence[dict[str, Any]], dict[int, list[tuple[str, str]]]]:
        """Puts an empty object in place of each record that is none, and notes it."""
        if set(map(type, records)) <= {dict}:
            return records, {}
        misfits = {
            n: [("", f"the record is a {type(record).__name__}, not an object")]
            for n, record in enumerate(records)
            if type(record) is not dict
        }
        return [record if type(record) is dict else {} for record in records], misfits

    def _converted(
        self, values: Sequence[Any], column: Column
    ) -> tuple[pa.Array[Any], dict[int, str]]:
        if column.pii is None or self._hash is None:
            return cast(values, column.type)
        tokens: list[str | None] = []
        misfits: dict[int, str] = {}
        for position, value in enumerate(values):
            try:
                tokens.append(token(value, column.pii, self._hash))
            except ValueError as trouble:
                tokens.append(None)
                misfits[position] = str(trouble)
        return pa.array(tokens, pa.string()), misfits

    def _extra(
        self, records: Sequence[dict[str, Any]], unknown: set[int]
    ) -> tuple[frozenset[str], pa.Array[Any]]:
        """Encodes unknown fields, for the records that have them only."""
        if not unknown:
            return frozenset(), pa.nulls(len(records), pa.string())
        names: set[str] = set()
        texts: list[str | None] = [None] * len(records)
        for position in unknown:
            parts = unknown_parts(records[position], self._level, self._ignored, names)
            if parts:
                texts[position] = self._json(parts)
        return frozenset(names), pa.array(texts, pa.string())

    def _rejected(self, record: Any, misfits: list[tuple[str, str]]) -> Rejected:
        payload = record
        if self._hash is not None and type(record) is dict:
            for column in self._columns:
                if column.pii:
                    payload = _with_token(payload, column, column.source.split("."), self._hash)
        reason = "; ".join(reason for _, reason in misfits)
        if self._hash is not None:
            reason = scrubbed(reason, self._hash)
        return Rejected(_clean(reason), self._json(payload), misfits[0][0])

    def _json(self, value: Any) -> str:
        value = value if self._hash is None else scrubbed(value, self._hash)
        try:
            return text_of(value)
        except UnicodeEncodeError:
            return json.dumps(value)


def _require(
    array: pa.Array[Any], column: Column, misfits: dict[int, list[tuple[str, str]]]
) -> None:
    for position, missing in enumerate(array.is_null().to_pylist()):
        known = misfits.get(position, [])
        if missing and not any(path == column.source for path, _ in known):
            misfit = (column.source, f"{column.source} is missing")
            misfits.setdefault(position, []).append(misfit)


def _with_token(record: Any, column: Column, path: list[str], hasher: Hasher) -> Any:
    """Returns a copy of the record with the personal value at the path replaced."""
    if not isinstance(record, dict) or path[0] not in record:
        return record
    if len(path) > 1:
        return {**record, path[0]: _with_token(record[path[0]], column, path[1:], hasher)}
    try:
        replacement = token(record[path[0]], column.pii or "email", hasher)
    except ValueError:
        replacement = "***"
    return {**record, path[0]: replacement}


def _clean(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()
