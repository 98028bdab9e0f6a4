"""Rows of a span get their days: from what is known, or from smaller spans."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from connectors.core.stream import Page
from connectors.core.undated import dated
from connectors.core.window import Window

SENT = {"a": "2026-11-02", "b": "2026-11-03", "c": "2026-11-05"}


def test_only_what_has_no_known_day_is_looked_for() -> None:
    asked: list[Window] = []

    def ask(window: Window) -> Iterator[Page]:
        asked.append(window)
        days = set(map(str, window.days()))
        yield Page([{"id": key} for key, day in SENT.items() if day in days], 1)

    def found(known: dict[str, str]) -> list[dict[str, Any]]:
        asked.clear()
        window = Window(date(2026, 11, 1), date(2026, 11, 6))
        pages = dated(ask, lambda row: row["id"], known.get, window)
        return sorted((row for page in pages for row in page.records), key=lambda row: row["id"])

    whole = [{"id": key, "date": day} for key, day in SENT.items()]
    assert found(SENT) == whole
    assert len(asked) == 1
    # One that is unknown, and one whose known day is not in the span.
    assert found({"a": SENT["a"], "c": "2026-12-01"}) == whole
    assert len(asked) > 3
