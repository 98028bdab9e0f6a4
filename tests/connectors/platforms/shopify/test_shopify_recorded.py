"""Amounts as Shopify has really sent them survive to the last digit, sign included.

The recorded answers are of the REST API, whose amounts are the same texts (`119.00`) as GraphQL's.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from connectors.core.casting import cast
from connectors.platforms import get

_ROOT = Path(__file__).resolve().parents[4]
_RECORDED = _ROOT.parent / "shared/data/recorded/shopify_fixtures"


def _amounts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, part in value.items():
            if name in {"amount", "price"} and isinstance(part, str):
                yield part
            else:
                yield from _amounts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _amounts(part)


@pytest.mark.skipif(
    not _RECORDED.exists(), reason=f"{_RECORDED} is not there: answers that Shopify has sent"
)
@pytest.mark.parametrize("name", ["orders", "refund", "transactions", "products", "payouts"])
def test_recorded_amounts(name: str) -> None:
    amounts = list(_amounts(json.loads((_RECORDED / f"{name}.json").read_text("utf-8"))))
    assert amounts
    money = get("shopify").stream("orders").column("total_price").type
    column, misfits = cast([*amounts, *(f"-{a}" for a in amounts if a[0] != "-")], money)
    assert misfits == {}
    assert column.to_pylist()[: len(amounts)] == [Decimal(each) for each in amounts]
    assert column.to_pylist()[len(amounts) :] == [-Decimal(a) for a in amounts if a[0] != "-"]
