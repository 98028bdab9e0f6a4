"""Rows that real accounts have sent type without loss, and nothing personal is left of them."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from connectors.core.paginators import at
from connectors.platforms import get
from connectors.platforms.mailchimp import records

Read = Callable[[dict[str, Any]], dict[str, Any]]
_STREAMS: dict[str, tuple[str, Read]] = {
    "lists": ("audiences", records.read),
    "campaigns": ("campaigns", records.read),
    "reports": ("reports", records.read),
    "list_members": ("members", records.member),
    "email_activity": ("email_activity", records.event),
    "unsubscribes": ("email_activity", lambda one: next(records.of_unsubscribed(one))),
}


@pytest.mark.parametrize("name", _STREAMS)
def test_recorded_rows(name: str, recorded: Callable[..., Any]) -> None:
    stream = get("mailchimp").stream(_STREAMS[name][0])
    found = recorded(get("mailchimp"), stream.name, name, _STREAMS[name][1])
    assert found.unknown == frozenset()
    typed = 0
    for row, one in zip(found.rows, found.sent, strict=True):
        for column in stream.columns:
            value = at(one, column.source)
            if isinstance(row[column.name], int | float | Decimal) and column.pii is None:
                assert row[column.name] == pytest.approx(value, abs=0), column.name
                typed += 1
            elif isinstance(row[column.name], str) and value and not column.pii:
                assert row[column.name] == str(value), column.name
        personal = [one.get(key) for key in ("email_address", "id", "email_id", "ip", "full_name")]
        for value in personal if name not in ("lists", "campaigns", "reports") else ():
            assert value is None or str(value) not in repr(row)
    assert typed > 0 or name in ("email_activity", "unsubscribes")
