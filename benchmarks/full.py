"""What it takes to build everything from nothing, beside a history of two years."""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks.refresh import History
from benchmarks.report import Figure, Outcome

GATE_SECONDS = 50
GATE_MEGABYTES = 3000


def measure(quick: bool) -> Outcome:
    """Writes a history and builds it, once."""
    days, campaigns = (60, 10) if quick else (730, 300)
    with tempfile.TemporaryDirectory() as folder:
        history = History(Path(folder), days, campaigns)
        built, rows = history.first_build, history.rows()
    return Outcome(
        "full",
        f"dbt build of an empty home from {days} days of {campaigns} campaigns that were synced "
        f"daily, each sync its last 7 days ({rows:,} fact rows).",
        [
            Figure("full build", built["seconds"], "s", GATE_SECONDS, "below"),
            Figure("peak memory", built["peak_bytes"] / 1e6, "MB", GATE_MEGABYTES, "below"),
            Figure("processor time, dbt's start included", built["cpu_seconds"], "s"),
        ],
    )
