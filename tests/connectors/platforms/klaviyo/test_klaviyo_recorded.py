"""Rows that real accounts have sent type without loss: what is not known is kept beside."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from connectors.core.json_api import plain
from connectors.core.paginators import at
from connectors.platforms import get
from connectors.platforms.klaviyo.activity import read_event
from connectors.platforms.klaviyo.listings import read_campaign

_SUPPRESSED = "attributes.subscriptions.email.marketing.suppressions"
"""Named `suppression` since."""
_MADE = {"date", "channel", "messages", "metric_name", "relationships"}
"""What the connector makes of a row and its page."""
_OF_AN_OLDER_REVISION = {
    "channel", "message", "send_options.ignore_unsubscribes", "tracking_options.is_add_utm",
    "tracking_options.utm_params", "send_strategy.options_static", "send_strategy.options_sto",
    "send_strategy.options_throttled",
}  # fmt: skip
_PROFILES = ("profiles", plain, {"updated", _SUPPRESSED})
_STREAMS: dict[str, tuple[str, Callable[[Any], Any], set[str]]] = {
    "campaigns": (
        "campaigns",
        lambda one: read_campaign(one, {}, "email"),
        {"updated_at", *(f"attributes.{one}" for one in _OF_AN_OLDER_REVISION)},
    ),
    "events": ("events", lambda one: read_event(one, {}, ZoneInfo("UTC")), {"datetime"}),
    "flows": ("flows", plain, {"updated"}),
    "lists": ("lists", plain, {"updated"}),
    "metrics": ("metrics", plain, {"updated"}),
    "profiles": _PROFILES,
    "global_exclusions": _PROFILES,
}
"""Of each recorded stream ours, how a row is read, and what of it is not known."""


@pytest.mark.parametrize("name", _STREAMS)
def test_recorded_rows(name: str, recorded: Callable[..., Any]) -> None:
    streamed, read, unknown = _STREAMS[name]
    found = recorded(get("klaviyo"), streamed, name, read)
    assert found.unknown == unknown
    for row, one in zip(found.rows, found.sent, strict=True):
        for column in get("klaviyo").stream(streamed).columns:
            if column.source.split(".")[0] not in _MADE and column.pii is None:
                assert _same(row[column.name], at(one, column.source)), column.name
    assert "@example.com" not in repr(found.rows)


def _same(kept: Any, sent: Any) -> bool:
    if isinstance(kept, datetime):
        return kept == datetime.fromisoformat(sent)
    return bool(kept == (json.dumps(sent, separators=(",", ":")) if type(sent) is list else sent))
