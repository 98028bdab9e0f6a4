"""Raw rows of web events, and what they come to, worked out apart from the models."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from fixture_lake import Account

SITE = Account("acme", "web_shop", "EUR", "UTC", "events")
_PAUSE = timedelta(minutes=30)
_LINES = count(1)
_NEAR = timedelta(days=3)


def event(id_: str, at: datetime, device: str | None = "d1", **more: Any) -> dict[str, Any]:
    """A raw row of a page view that was received a second after it happened."""
    said = {"received_at": at + timedelta(seconds=1), **more}
    return {
        "event_id": id_,
        "record_hash": f"{id_} {at} {device} {sorted(said.items())}",
        "source_row": next(_LINES),
        "event": "page_view",
        "date": at.date(),
        "event_at": at,
        "clock": "as_sent",
        "device_id": device,
        "agent_kind": "person",
        "sampled_part": 1.0,
        "page_host": "shop.example",
        "page_path": "/",
        **said,
    }


def once(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows that count: a copy is dropped when one near it was received earlier."""
    known = list(rows)
    counted: dict[tuple[str, Any], dict[str, Any]] = {}
    for row in sorted(known, key=_receipt):
        counted.setdefault((row["event_id"], row["date"]), row)
    return [
        row
        for row in counted.values()
        if not any(
            other["event_id"] == row["event_id"]
            and other["date"] != row["date"]
            and abs(other["date"] - row["date"]) <= _NEAR
            and _receipt(other) < _receipt(row)
            for other in counted.values()
        )
    ]


def sessions(rows: Iterable[dict[str, Any]]) -> list[tuple[str, datetime, datetime, int]]:
    """Device, first event, last event and number of events of each visit, in order."""
    found: list[tuple[str, datetime, datetime, int]] = []
    for row in sorted(rows, key=lambda one: (str(one["device_id"]), one["event_at"])):
        device, at = row["device_id"], row["event_at"]
        if device is None:
            continue
        if found and found[-1][0] == device and at - found[-1][2] <= _PAUSE:
            before = found.pop()
            found.append((device, before[1], at, before[3] + 1))
        else:
            found.append((device, at, at, 1))
    return sorted(found)


def _receipt(row: dict[str, Any]) -> tuple[Any, ...]:
    return (row["received_at"], row["record_hash"], row["date"])
