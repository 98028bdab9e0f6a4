"""The shape of raw and quarantined rows: system columns in front, ``_extra`` at the end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa

from warehouse.sync_rows import ChunkInfo

SYSTEM_FIELDS: tuple[pa.Field[Any], ...] = (
    pa.field("_organization_id", pa.string()),
    pa.field("_connection_id", pa.string()),
    pa.field("_sync_id", pa.string()),
    pa.field("_chunk_id", pa.int32()),
    pa.field("_synced_at", pa.timestamp("us", tz="UTC")),
)
EXTRA_FIELD = pa.field("_extra", pa.string())
OBSERVATION_FIELDS: tuple[pa.Field[Any], ...] = (
    pa.field("_observed", pa.string()),
    pa.field(
        "_observations",
        pa.list_(
            pa.struct(
                [
                    pa.field("sync_id", pa.string()),
                    pa.field("chunk_id", pa.int32()),
                    pa.field("synced_at", pa.timestamp("us", tz="UTC")),
                ]
            )
        ),
    ),
)
"""What a compacted file has besides: the set of a row's observations; once a day, its members."""
_RESERVED = frozenset({*(field.name for field in SYSTEM_FIELDS), EXTRA_FIELD.name})

Rejection = tuple[str, str]
"""A row that could not be typed: (reason, whole payload as JSON)."""


class LakeError(ValueError):
    """The writer was used out of order, or got a batch of another shape than its schema."""


def data_schema(schema: pa.Schema) -> pa.Schema:
    """A stream's own columns: without system columns, ``_extra``, metadata and null constraints."""
    return pa.schema([pa.field(f.name, f.type) for f in schema if f.name not in _RESERVED])


def raw_schema(schema: pa.Schema) -> pa.Schema:
    """Schema of a stream's raw files, from the stream's columns (system columns may be there)."""
    return pa.schema([*SYSTEM_FIELDS, *data_schema(schema), EXTRA_FIELD])


def compacted_schema(schema: pa.Schema) -> pa.Schema:
    """Schema of a stream's compacted files."""
    return pa.schema([*raw_schema(schema), *OBSERVATION_FIELDS])


def quarantine_schema() -> pa.Schema:
    """Schema of the quarantine files, the same for every stream."""
    return pa.schema(
        [*SYSTEM_FIELDS, pa.field("reason", pa.string()), pa.field("payload", pa.string())]
    )


def with_dictionaries(schema: pa.Schema) -> pa.Schema:
    """The schema in memory: system text as dictionaries, so that a constant costs no copies."""
    text = pa.dictionary(pa.int32(), pa.string())
    fields = [
        field.with_type(text) if field.name in _RESERVED and field.type == pa.string() else field
        for field in schema
        if field.name != EXTRA_FIELD.name
    ]
    return pa.schema([*fields, EXTRA_FIELD] if EXTRA_FIELD.name in schema.names else fields)


@dataclass(frozen=True, slots=True)
class RowStamp:
    """Puts the system columns of one sync before its rows.

    Attributes:
        data: the stream's own columns.
        sync_id: written to ``_sync_id``.
        synced_at: written to ``_synced_at``.
    """

    data: pa.Schema
    sync_id: str
    synced_at: datetime

    @property
    def schema(self) -> pa.Schema:
        """Schema of stamped raw batches."""
        return with_dictionaries(raw_schema(self.data))

    def raw(self, info: ChunkInfo, batch: pa.RecordBatch) -> pa.RecordBatch:
        """A batch of the stream's columns (``_extra`` optional, any order), stamped.

        Raises:
            LakeError: columns are missing, unknown or of another type than the schema's.
        """
        self._check(batch.schema)
        columns = [batch.column(name) for name in self.data.names]
        has_extra = EXTRA_FIELD.name in batch.schema.names
        nulls = pa.nulls(batch.num_rows, pa.string())
        columns.append(batch.column(EXTRA_FIELD.name) if has_extra else nulls)
        system = self._system_columns(info, batch.num_rows)
        return pa.RecordBatch.from_arrays([*system, *columns], schema=self.schema)

    def rejected(self, info: ChunkInfo, rows: list[Rejection]) -> pa.RecordBatch:
        """Rejected rows as a stamped quarantine batch."""
        reasons = pa.array([reason for reason, _ in rows], pa.string())
        payloads = pa.array([payload for _, payload in rows], pa.string())
        return pa.RecordBatch.from_arrays(
            [*self._system_columns(info, len(rows)), reasons, payloads],
            schema=with_dictionaries(quarantine_schema()),
        )

    def _check(self, schema: pa.Schema) -> None:
        missing = [name for name in self.data.names if name not in schema.names]
        unknown = sorted(set(schema.names) - {*self.data.names, EXTRA_FIELD.name})
        if missing or unknown:
            raise LakeError(f"the batch lacks columns {missing} and has unknown columns {unknown}")
        for field in self.data:
            found = schema.field(field.name).type
            if found != field.type:
                raise LakeError(f"column {field.name} is {found}, the schema says {field.type}")

    def _system_columns(self, info: ChunkInfo, rows: int) -> list[pa.Array[Any]]:
        texts = (info.organization_id, info.connection_id, self.sync_id)
        return [
            *(_constant(text, rows) for text in texts),
            pa.repeat(pa.scalar(info.chunk_id, pa.int32()), rows),
            pa.repeat(pa.scalar(self.synced_at, SYSTEM_FIELDS[-1].type), rows),
        ]


def _constant(text: str, rows: int) -> pa.Array[Any]:
    indices = pa.repeat(pa.scalar(0, pa.int32()), rows)
    return pa.DictionaryArray.from_arrays(indices, pa.array([text], pa.string()))
