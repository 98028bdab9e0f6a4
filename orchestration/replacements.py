"""Which report of a source replaced rows of which other: where days overlap the later one wins."""

from collections.abc import Mapping, Sequence

from connectors.core.window import Window
from orchestration.due.loads import schema_of
from warehouse.home import Home
from warehouse.sync_log import SyncLog
from warehouse.sync_rows import LogRow


def replaced_rows(rows: Sequence[LogRow]) -> dict[tuple[str, int], dict[str, int]]:
    """Returns of each load of a report what it replaced: rows by the name of the earlier file.

    Args:
        rows: of one connection's stream, in the order of loading; failed ones count for nothing.

    Returns:
        By sync and chunk. A day that a load left as it was is none that it replaced.
    """
    found: dict[tuple[str, int], dict[str, int]] = {}
    known: dict[str, tuple[LogRow, int]] = {}
    for row in rows:
        if row.status != "succeeded" or not row.window_from or not row.window_to:
            continue
        schema = schema_of(row)
        counts, left = schema.get("day_rows", {}), set(schema.get("left_days", ()))
        days = Window(row.window_from.date(), row.window_to.date()).days()
        for day in map(str, days):
            if day in left:
                continue
            before, count = known.get(day, (row, 0))
            if count and before.object_digest != row.object_digest:
                name = before.object_name or ""
                of_row = found.setdefault((row.sync_id, row.chunk_id), {})
                of_row[name] = of_row.get(name, 0) + count
            known[day] = (row, counts.get(day, 0))
    return found


def replacements(home: Home, loaded: Sequence[LogRow]) -> list[str]:
    """Returns a line for each report among these rows of the log that replaced days of another."""
    lines = []
    reports = [row for row in loaded if row.object_digest and row.kind == "report"]
    for connection in sorted({row.connection_id for row in reports}):
        own = [row for row in reports if row.connection_id == connection]
        history = SyncLog(home).objects(own[0].platform, own[0].stream).get(connection, [])
        found = replaced_rows(history)
        lines += [
            f"{row.organization_id}/{row.account_id}: {row.object_name} {in_words(replaced)}"
            for row in own
            if (replaced := found.get((row.sync_id, row.chunk_id)))
        ]
    return lines


def in_words(replaced: Mapping[str, int]) -> str:
    """Returns `replaced 2 rows of brand.csv`; empty when nothing was."""
    parts = [f"{rows} row{'s' * (rows != 1)} of {name}" for name, rows in replaced.items()]
    return f"replaced {', '.join(parts)}" if parts else ""
