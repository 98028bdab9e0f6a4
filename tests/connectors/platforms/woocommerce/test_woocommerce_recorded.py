"""Rows that real shops have sent type without loss: nothing is set aside, money keeps its sign."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from connectors.platforms import get
from connectors.platforms.woocommerce.records import dated, read

_STREAMS = {"orders": read, "customers": read, "products": read, "refunds": dated}


@pytest.mark.parametrize("name", _STREAMS)
def test_recorded_rows(name: str, recorded: Callable[..., Any]) -> None:
    found = recorded(get("woocommerce"), name, name, _STREAMS[name])
    for row, one in zip(found.rows, found.sent, strict=True):
        for column in get("woocommerce").stream(name).columns:
            if isinstance(row[column.name], Decimal):
                assert row[column.name] == Decimal(str(one.get(column.source))), column.name
        for column in ("line_items", "refunds"):
            if one.get(column):
                totals = [each["total"] for each in one[column]]
                assert [each["total"] for each in json.loads(row[column])] == totals
    # What the schema does not know is kept, personal and unused fields aside.
    known = {"version"} if name != "products" else found.unknown - {"description"}
    assert (found.unknown <= known) == (name != "products")
