"""Zero-row files: a glob over a stream that has no row yet matches, and finds its columns."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from warehouse.durable_files import replacing
from warehouse.home import COMPACTED, SEED_DAY, Home, partition
from warehouse.raw_rows import compacted_schema, quarantine_schema, raw_schema
from warehouse.sync_rows import LOG_SCHEMA

SEED_NAME = "empty.parquet"


def seed_empty(home: Home, platform: str, stream: str, schema: pa.Schema) -> None:
    """Writes the zero-row files that let globs match and carry the newest schema.

    One for the stream's raw files as syncs leave them, one for its compacted ones, one for its
    quarantine, one for the log. A seed that has the right schema already is left alone.
    """
    where = Path(partition(SEED_DAY)) / SEED_NAME
    raw = home.raw_dir(platform, stream)
    _seed(raw / where, raw_schema(schema))
    _seed(raw / f"{COMPACTED}{SEED_DAY}" / SEED_NAME, compacted_schema(schema))
    _seed(home.quarantine_dir(platform, stream) / where, quarantine_schema())
    _seed(home.syncs_dir / where, LOG_SCHEMA)


def seed_files(home: Home) -> list[Path]:
    """Returns the zero-row files of raw streams and of the log, in order of their paths."""
    folders = (f"raw/*/*/{partition(SEED_DAY)}", f"raw/*/*/{COMPACTED}{SEED_DAY}")
    found = [path for name in folders for path in home.lake.glob(f"{name}/{SEED_NAME}")]
    return sorted([*found, *home.syncs_dir.glob(f"{partition(SEED_DAY)}/{SEED_NAME}")])


def _seed(path: Path, schema: pa.Schema) -> None:
    if path.exists() and pq.read_schema(path).remove_metadata().equals(schema):
        return
    with replacing(path) as temporary:
        pq.write_table(schema.empty_table(), temporary, compression="zstd", store_schema=False)
