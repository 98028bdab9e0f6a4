"""What no model can hold is set aside at the door, for each column of each platform."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from connectors.core.arrow import PageTyper
from connectors.core.columns import Column
from connectors.core.ranges import DIGITS, FIRST_DAY, LAST_DAY, WHOLE_DIGITS, beyond
from connectors.core.stream import Page, Stream
from connectors.platforms import get, load
from warehouse import odd_values

_ROOT = Path(__file__).resolve().parents[3]
_NUMBERS = [
    pytest.param(stream, column, id=f"{platform.name}-{stream.name}-{column.name}")
    for platform in load().values()
    for stream in platform.streams
    for column in stream.columns
    if pa.types.is_decimal(column.type)
    or pa.types.is_floating(column.type)
    or column.type == pa.int64()
]


@pytest.mark.parametrize(("stream", "column"), _NUMBERS)
def test_every_number_has_a_largest_one(stream: Stream, column: Column) -> None:
    """The largest that fits stays, one more goes to quarantine, and nothing between is lost."""
    whole = column.type == pa.int64()
    scale = getattr(column.type, "scale", 0)
    most: Any = 10**WHOLE_DIGITS - 1 if whole else Decimal(10**DIGITS) - Decimal(1).scaleb(-scale)
    for sign in (1, -1):
        fits = most if whole or scale else 999_999_999_999.5
        assert beyond(pa.array([sign * fits], column.type), column) == {}
        number = Decimal if pa.types.is_decimal(column.type) else float if not whole else int
        values = [None, number(sign * (10**WHOLE_DIGITS if whole else 10**DIGITS)), number(1)]
        if scale and column.type.precision - scale <= DIGITS:  # type: ignore[attr-defined]
            continue  # its type holds no more
        assert list(beyond(pa.array(values, column.type), column)) == [1]


def test_models_read_as_null_what_the_door_turns_away() -> None:
    text = (_ROOT / "dbt_project/macros/streams.sql").read_text("utf-8")
    macro = text[text.index("macro readable_columns") : text.index("macro raw_rows")]
    assert set(re.findall(r"\d{6,}", macro)) == {"9" * WHOLE_DIGITS, str(10**DIGITS)}
    assert f"1e{DIGITS}" in macro
    assert set(re.findall(r"'(\d{4}-\d\d-\d\d)'", macro)) == {str(FIRST_DAY), str(LAST_DAY)}
    assert odd_values.MOST_WHOLE == 10**WHOLE_DIGITS - 1
    assert odd_values.MOST_DECIMAL == 10**DIGITS
    assert (odd_values.FIRST.date(), odd_values.LAST.date()) == (FIRST_DAY, LAST_DAY)


def test_a_price_out_of_range_is_one_row_in_quarantine() -> None:
    """An article number in the column of prices; every other row of the page loads."""
    typer = PageTyper(get("shopify").stream("products"))
    prices = ["10.00", "1000000000000.00", "4006381333931", 'ten"', None, "999999999999.99", "1e13"]
    records = [
        {"legacyResourceId": str(n), "title": 'A "price":"x" of', "variants": {"nodes": [variant]}}
        for n, variant in enumerate({"price": price} for price in prices)
    ]
    page = typer.type(Page(records, 0))
    assert page.batch.column("product_id").to_pylist() == ["0", "4", "5"]
    assert [json.loads(row.payload_json)["legacyResourceId"] for row in page.rejected] == [
        *("1", "2", "3", "6")
    ]
    assert page.rejected[0].reason == (
        "variants.nodes: a value of price is no number of at most 12 digits before the point"
    )


def test_a_date_that_a_record_needs_lies_in_a_century_of_ours() -> None:
    column = Column("date", pa.date32(), "date", "dimension", "Day.", required=True)
    days = pa.array([date(1, 1, 1), FIRST_DAY, LAST_DAY, date(9999, 12, 31)], pa.date32())
    assert list(beyond(days, column)) == [0, 3]


_KEYS = [
    pytest.param(stream, column, id=f"{platform.name}-{stream.name}-{column.name}")
    for platform in load().values()
    for stream in platform.streams
    for column in stream.columns
    if column.name in stream.key or (column.required and pa.types.is_string(column.type))
]


@pytest.mark.parametrize(("stream", "column"), _KEYS)
def test_no_row_stands_under_an_empty_key(stream: Stream, column: Column) -> None:
    """An empty text is no id, unless the column says that it stands for "none"."""
    assert column.required
    if not pa.types.is_string(column.type):
        return
    values = pa.array(["1", "", " \t\u00a0", "x"], column.type)
    assert list(beyond(values, column)) == ([] if column.may_be_empty else [1, 2])


def test_a_row_with_an_empty_campaign_is_in_quarantine() -> None:
    stream = get("google_ads").stream("campaign_stats")
    typer = PageTyper(stream)
    records = [
        {
            "customer": {"id": "1"},
            "segments": {"date": "2026-03-01"},
            "campaign": {"id": campaign},
            "metrics": {"costMicros": "5"},
        }
        for campaign in ("7", "", "  ")
    ]
    page = typer.type(Page(records, 0))
    assert page.batch.column("campaign_id").to_pylist() == ["7"]
    assert [row.reason for row in page.rejected] == ["campaign.id: is empty"] * 2
    assert all(json.loads(row.payload_json)["metrics"] for row in page.rejected)
