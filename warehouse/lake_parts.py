"""One part of a sync: its raw and quarantine file and the chunks that are finished in it."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from warehouse.durable_files import disk_guard, ensure_directory, rename_durably, sweep_temporaries
from warehouse.raw_files import RawFile
from warehouse.raw_rows import LakeError
from warehouse.sync_rows import FinishedChunk


@dataclass(slots=True)
class PartFile:
    """A Parquet file of a part that is created by its first row, or never.

    Attributes:
        path: final name.
        schema: schema of the batches.
        order_by: sort columns within a chunk.
    """

    path: Path
    schema: pa.Schema
    order_by: tuple[str, ...] = ()
    _file: RawFile | None = None

    def write(self, chunk: int, batch: pa.RecordBatch) -> None:
        """Queues a batch, opening the file first when it is the first one.

        Raises:
            LakeError: a file of that name exists, so the sync id was used before.
            LakeFull: the disk is full.
        """
        if self._file is None:
            if self.path.exists():
                raise LakeError(f"{self.path} exists: this sync id was used before")
            with disk_guard(self.path.parent):
                ensure_directory(self.path.parent)
            sweep_temporaries(self.path.parent)
            self._file = RawFile(self.path, self.schema, self.order_by)
        self._file.write(chunk, batch)

    def drop(self, chunk: int) -> None:
        """Forgets what is not encoded yet of a failed chunk."""
        if self._file is not None:
            self._file.drop(chunk)

    def bytes_written(self) -> int:
        """Size so far in bytes."""
        return self._file.bytes_written() if self._file is not None else 0

    def publish(self) -> bool:
        """Seals and renames the file; returns whether there is one (it has rows).

        Raises:
            LakeFull: the disk is full; the temporary is gone.
        """
        if self._file is None or self._file.seal() == 0:
            return False
        with disk_guard(self.path.parent):
            rename_durably(self._file.temporary, self.path)
        return True

    def discard(self) -> None:
        """Ends the writer thread and removes the temporary file."""
        if self._file is not None:
            self._file.discard()

    def withdraw(self) -> None:
        """Removes the renamed file of a part whose log rows never became visible."""
        self.discard()
        if self._file is not None:
            self.path.unlink(missing_ok=True)


@dataclass(slots=True)
class Part:
    """Files and finished chunks between two commits; ``began`` is real monotonic time."""

    raw: PartFile
    quarantine: PartFile
    finished: list[FinishedChunk] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)

    def age_seconds(self) -> float:
        """Real time since the part began."""
        return time.monotonic() - self.began

    def publish(self) -> bool:
        """Makes both files durable under their names; returns whether there is a raw file."""
        has_raw = self.raw.publish()
        self.quarantine.publish()
        return has_raw

    def discard(self) -> None:
        """Drops everything that was not renamed."""
        self.raw.discard()
        self.quarantine.discard()

    def withdraw(self) -> None:
        """Removes the part's files, renamed or not; only while no log row names them."""
        self.raw.withdraw()
        self.quarantine.withdraw()
