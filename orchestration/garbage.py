"""How often Python looks for garbage."""

from __future__ import annotations

import gc

_COLLECT_AFTER = (100_000, 50, 50)
"""As of `gc.set_threshold`. Imported code, dbt's parsed project and a page of nested JSON are
millions of objects that live on. By default the collector looks at them again and again: a ninth of
the processor time of a run of one connection, a sixth of a pull of Meta's reports."""


def collect_rarely() -> None:
    """Has this process look for garbage in cycles rarely; all other garbage goes at once."""
    gc.set_threshold(*_COLLECT_AFTER)
