"""What the sync log holds of each stream, as one short text: equal texts, equal rows."""

from __future__ import annotations

import duckdb

from warehouse.home import Home
from warehouse.plain_paths import plain


def log_digests(home: Home) -> dict[tuple[str, str], str]:
    """Returns (platform, stream) -> a text for the set of its rows, wherever they stand.

    A row may stand in two files after a kill in mid-compaction, and counts once.
    """
    files = [plain(path) for path in home.syncs_dir.glob("*/[0-9a-z]*.parquet")]
    if not files:
        return {}
    with duckdb.connect() as connection:
        rows = connection.execute(
            """
            select platform, stream, count(*) || ':' || sum(digest)
            from (
                select distinct platform, stream, hash(syncs)::hugeint as digest
                from read_parquet($1, union_by_name = true, hive_partitioning = false) as syncs
            )
            group by platform, stream
            """,
            [files],
        ).fetchall()
    return {(platform, stream): text for platform, stream, text in rows}
