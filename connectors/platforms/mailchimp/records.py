"""Records as they are kept: nothing unset is a text, and an event has an id."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def read(record: dict[str, Any]) -> dict[str, Any]:
    """Returns a record in which what is unset is null: Mailchimp writes an empty text there."""
    return {name: _read(value) for name, value in record.items()}


def member(record: dict[str, Any]) -> dict[str, Any]:
    """Returns a member with an id of its own in each audience."""
    kept = read(record)
    return {**kept, "record_id": _joined(kept.get("list_id"), kept.get("id"))}


def event(record: dict[str, Any]) -> dict[str, Any]:
    """Returns an event with an id: it has none on the wire.

    An address may carry the reader's own id behind its `?`, so that part is left out.
    """
    kept = read(record)
    url = kept.get("url")
    if isinstance(url, str):
        kept["url"] = url.partition("?")[0]
    parts = ("campaign_id", "email_id", "action", "timestamp", "url")
    return {**kept, "record_id": _joined(*(kept.get(part) for part in parts))}


def of_activity(row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yields the clicks and bounces of a recipient; `open-details` has the opens, with a flag."""
    for one in row.get("activity") or ():
        if one.get("action") != "open":
            yield event({**_owner(row), **one})


def of_opens(row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yields the opens of a recipient."""
    for one in row.get("opens") or ():
        yield event({**_owner(row), **one, "action": "open"})


def of_unsubscribed(row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yields that a recipient has unsubscribed."""
    yield event({**_owner(row), "timestamp": row.get("timestamp"), "action": "unsubscribe"})


def _owner(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row.get(name) for name in ("campaign_id", "list_id", "email_id")}


def _joined(*parts: Any) -> str:
    return "/".join("" if part is None else str(part) for part in parts)


def _read(value: Any) -> Any:
    if isinstance(value, dict):
        return read(value)
    return None if value == "" else value
