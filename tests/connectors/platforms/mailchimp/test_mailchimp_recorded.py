"""Rows that real accounts have sent type without loss, and nothing personal is left of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from connectors.core.arrow import PageTyper
from connectors.core.paginators import at
from connectors.core.stream import Page
from connectors.platforms import get
from connectors.platforms.mailchimp import records

_ROOT = Path(__file__).resolve().parents[4]
_RECORDED = _ROOT.parent / "shared/data/recorded/mailchimp/expected_records.jsonl"
Read = Callable[[dict[str, Any]], dict[str, Any]]
_STREAMS: dict[str, tuple[str, Read]] = {
    "lists": ("audiences", records.read),
    "campaigns": ("campaigns", records.read),
    "reports": ("reports", records.read),
    "list_members": ("members", records.member),
    "email_activity": ("email_activity", records.event),
    "unsubscribes": ("email_activity", lambda one: next(records.of_unsubscribed(one))),
}


@pytest.mark.skipif(
    not _RECORDED.exists(), reason=f"{_RECORDED} is not there: rows that accounts have sent"
)
@pytest.mark.parametrize("name", _STREAMS)
def test_recorded_rows(name: str) -> None:
    lines = [json.loads(line) for line in _RECORDED.read_text("utf-8").splitlines()]
    sent = [one["data"] for one in lines if one["stream"] == name]
    stream, read = get("mailchimp").stream(_STREAMS[name][0]), _STREAMS[name][1]
    hashed = lambda value: hashlib.sha256(value.encode()).hexdigest()  # noqa: E731
    page = PageTyper(stream, hashed).type(Page([read(one) for one in sent], 0))
    assert (page.rejected, page.batch.num_rows, bool(sent)) == ((), len(sent), True)
    assert page.unknown_fields == frozenset()
    typed = 0
    for row, one in zip(page.batch.to_pylist(), sent, strict=True):
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
