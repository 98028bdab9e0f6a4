"""What compaction takes and what builds cost after it, beside the same lake without it."""

from __future__ import annotations

import tempfile
from pathlib import Path
from statistics import median

from benchmarks.refresh import History
from benchmarks.report import Figure, Outcome

NEXT_MONTH = "2026-12-01T08:00:00+00:00"
REPEATS = 3


def measure(quick: bool) -> Outcome:
    """Builds two equal histories, compacts one, and builds both again, interleaved."""
    days, campaigns = (40, 5) if quick else (200, 20)
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        plain = History(Path(one), days, campaigns)
        compacted = History(Path(other), days, campaigns)
        done = compacted.compact(NEXT_MONTH)
        both = (plain, compacted)
        rebuilds = [[home.rebuild() for home in both] for _ in range(REPEATS)]
        refreshes = [
            [home.refresh(number, profile=False).seconds for home in both]
            for number in range(REPEATS)
        ]
        read = [home.refresh(REPEATS, profile=True).rows_read("raw") for home in both]
    figures = [
        Figure("compaction", done["seconds"], "s"),
        Figure("raw rows before", done["rows_before"], "rows"),
        Figure("raw rows after", done["rows_after"], "rows"),
        Figure("raw files before", done["files_before"], "files"),
        Figure("raw files after", done["files_after"], "files"),
        Figure("bytes before", done["bytes_before"] / 1e6, "MB"),
        Figure("bytes after", done["bytes_after"] / 1e6, "MB"),
    ]
    for place, label in enumerate(("as syncs left it", "compacted")):
        figures += [
            Figure(f"{label}: build from nothing", median(r[place] for r in rebuilds), "s"),
            Figure(f"{label}: refresh of 7 days", median(r[place] for r in refreshes), "s"),
            Figure(f"{label}: raw rows read by it", read[place], "rows"),
        ]
    return Outcome(
        "compaction",
        f"one account of {campaigns} campaigns, {days} days of all report streams, a sync a day of "
        "the last 7 days, of which the youngest three have news; the same lake twice.",
        figures,
    )
