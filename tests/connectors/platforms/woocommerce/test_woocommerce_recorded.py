"""Rows that real shops have sent type without loss: nothing is set aside, money keeps its sign."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from connectors.core.arrow import PageTyper
from connectors.core.stream import Page
from connectors.platforms import get
from connectors.platforms.woocommerce.records import dated, read

_ROOT = Path(__file__).resolve().parents[4]
_RECORDED = _ROOT.parent / "shared/data/recorded/woocommerce/expected_records.jsonl"
_STREAMS = {"orders": read, "customers": read, "products": read, "refunds": dated}


@pytest.mark.skipif(
    not _RECORDED.exists(), reason=f"{_RECORDED} is not there: rows that shops have sent"
)
@pytest.mark.parametrize("name", _STREAMS)
def test_recorded_rows(name: str) -> None:
    lines = [json.loads(line) for line in _RECORDED.read_text("utf-8").splitlines()]
    sent = [one["data"] for one in lines if one["stream"] == name]
    stream = get("woocommerce").stream(name)
    kept = [_STREAMS[name](one) for one in sent]
    page = PageTyper(stream, lambda value: "token").type(Page(kept, 0))
    assert (page.rejected, page.batch.num_rows, bool(sent)) == ((), len(sent), True)
    for row, one in zip(page.batch.to_pylist(), sent, strict=True):
        for column in stream.columns:
            value: Any = one.get(column.source)
            if isinstance(row[column.name], Decimal):
                assert row[column.name] == Decimal(str(value)), column.name
        for column in ("line_items", "refunds"):
            if one.get(column):
                totals = [each["total"] for each in one[column]]
                assert [each["total"] for each in json.loads(row[column])] == totals
    # What the schema does not know is kept, personal and unused fields aside.
    known = {"version"} if name != "products" else page.unknown_fields - {"description"}
    assert (page.unknown_fields <= known) == (name != "products")
