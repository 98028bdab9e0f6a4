"""Raw rows that hold whatever a column of the lake can hold, generated from the columns alone."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import orjson
import pyarrow as pa
from commerce_rows import agreement, line, refund, shipping_line

from connectors.core.columns import Column
from connectors.core.stream import Stream

DAY = date(2026, 3, 3)
"""The day of all rows that have one, within the window that the syncs cover."""

_INSTANTS = (
    datetime(1, 1, 1, tzinfo=UTC),
    datetime(1677, 1, 1, tzinfo=UTC),
    datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
)
_TEXTS = (
    *("", " ", "NaN", "1e999", "null", "0001-01-01", "x" * 3000, "a\x01b", "'\"{}[%", "[[[", "🙂"),
    *(
        "a|b",
        "~",
        "a\x00b",
        "infinity",
        "-infinity",
        "epoch",
        "2026-02-30",
        "١٢",
        "5e-400",
        "%",
        "-0",
    ),
    # Latin-1, as old shops write it, and what is no text in any encoding.
    "https://shop.example/?utm_source=fr%FChling&utm_medium=%ff%ED%A0%80&utm_campaign=%&utm_term=%00",
    "[" * 3000,
    '{"a":',
    '[{"action_type":"omni_purchase","value":"1e300"}]',
    '[{"action_type":"omni_purchase","7d_click":"1e300","1d_view":"2"}]',
    '[{"action_type":"video_view","value":"99999999999999999999"}]',
    '[{"action_type":"omni_purchase","value":"999999999999.999999"}]',
)
_DECIMALS = tuple(
    Decimal(number)
    for number in (
        "999999999999999999.999999",
        "-999999999999999999.999999",
        "4006381333931",
        "1000000000000.00",
        "-1000000000000",
        "999999999999.999999",
        "0",
    )
)
_LEAVES: tuple[Any, ...] = (
    *("99999999999999999999", "1000000000000.00", "999999999999.999999", "-1e40", "NaN", "", "x"),
    *("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "300000-01-01T00:00:00Z", "infinity"),
    *("https://shop.example/?utm_source=fr%FChling", "a\x00b", "~"),
    *(None, 1e300, 10**18, True, {}, []),
)
_ALLOCATION = {
    "allocatedAmountSet": {"shopMoney": {"amount": "1.00"}},
    "discountApplication": {
        "__typename": "DiscountCodeApplication",
        "code": "TEN",
        "value": {"__typename": "MoneyV2"},
    },
}
_SHAPES: dict[str, Any] = {
    "history": [{"property": "amount", "at": "2026-03-03T00:00:00Z", "value": "5.00"}],
    "merged_ids": ["9"],
    "line_items": [line(1) | {"discountAllocations": [_ALLOCATION]}],
    "coupon_lines": [
        {
            "id": 1,
            "code": "TEN",
            "discount": "1.00",
            "discount_tax": "0",
            "discount_type": "percent",
        }
    ],
    "targeting": {
        "age_min": 25,
        "genders": [1],
        "geo_locations": {"countries": ["DE"]},
        "interests": [{"id": "6003", "name": "Camping"}],
        "flexible_spec": [{"behaviors": [{"id": "6", "name": "Shoppers"}]}],
    },
    "messages": [{"id": "m1", "subject": "News"}],
    "refunds": [refund(1, datetime(2026, 3, 4, tzinfo=UTC), [(1, 1, "10.00", "0")])],
    "shipping_lines": [shipping_line("5.00", taxes=[("1.00", 0.2)])],
    "fee_lines": [{"id": 1, "total": "5.00", "total_tax": "1.00"}],
    "agreements": [
        agreement(1, datetime(2026, 3, 3, tzinfo=UTC), "ORDER", (1, "ORDER", 1, "10.00", "0"))
    ],
    "variants": [
        {
            "id": "gid://shopify/ProductVariant/1",
            "legacyResourceId": "1",
            "title": "Blue",
            "sku": "S",
            "price": "10.00",
            "compareAtPrice": "12.00",
            "inventoryQuantity": 3,
            "inventoryItem": {"unitCost": {"amount": "4.00", "currencyCode": "EUR"}},
            "updatedAt": "2026-03-01T00:00:00Z",
        }
    ],
}
"""What text columns hold that staging models take apart."""


def extremes(type_: pa.DataType) -> tuple[Any, ...]:
    """Values that a column of the type can hold and that nobody expects; none is one of them."""
    if pa.types.is_decimal(type_):
        whole = Decimal(10) ** (type_.precision - type_.scale)  # type: ignore[attr-defined]
        smallest = Decimal(1).scaleb(-type_.scale)  # type: ignore[attr-defined]
        return (None, smallest, *(number for number in _DECIMALS if abs(number) < whole))
    if pa.types.is_integer(type_):
        most = 2 ** (type_.bit_width - 1) - 1
        return None, most, -most - 1, -1, 0, min(most, 10**12), min(most, 999_999_999_999)
    if pa.types.is_floating(type_):
        return None, float("nan"), float("inf"), -float("inf"), 1e308, -1e308, 1e-310, 1e12
    if pa.types.is_date(type_):
        return None, date(1, 1, 1), date(9999, 12, 31)
    if pa.types.is_timestamp(type_):
        zone = getattr(type_, "tz", None)
        return None, *(at if zone else at.replace(tzinfo=None) for at in _INSTANTS)
    if pa.types.is_boolean(type_):
        return (None,)
    return None, *_TEXTS


def hostile_rows(stream: Stream) -> list[dict[str, Any]]:
    """A row for each extreme of each column, others as they should be; then rows of nothing.

    What tells rows apart is different in each of them.
    """
    rows = []
    for column in stream.columns:
        shapes = _broken(_SHAPES[column.name]) if column.name in _SHAPES else ()
        for extreme in (
            *_reaching(stream, column),
            *(orjson.dumps(shape).decode() for shape in shapes),
        ):
            rows.append(_plain(stream, len(rows)) | {column.name: extreme})
    for number in range(2):
        needed = {
            column.name: _plain(stream, len(rows))[column.name]
            for column in stream.columns
            if column.required
        }
        rows.append(needed if number else dict.fromkeys(stream.arrow_schema.names) | needed)
    # Two rows of one day that each fit, and whose sum has a digit more.
    largest = {
        column.name: Decimal("999999999999.999999")
        if pa.types.is_decimal(column.type)
        else 999_999_999_999
        for column in stream.columns
        if column.role == "metric" and pa.types.is_decimal(column.type)
    }
    rows += [_plain(stream, len(rows) + number) | largest for number in range(3)]
    return rows


def _reaching(stream: Stream, column: Column) -> tuple[Any, ...]:
    """The extremes of a column that could ever reach the lake.

    What a record needs was never missing there, and the date of a report lies in its window.
    """
    if column.name == stream.date_column and stream.kind == "report":
        return ()
    words = {
        "currency_code": (None, "XXX"),
        "document_type": ("sale", "return", "adjustment"),
        # Those that the message of a campaign has: no message of a flow has the id of one.
        "flow_message_id": (),
        # Google states a region beside the row of its country only.
        "geo_target_region": (),
    }
    if column.name in words:
        return words[column.name]
    if column.name == "source_row":
        # Counted by the connector from the first line of a file, which names the columns.
        return tuple(value for value in extremes(column.type) if value is not None and value > 1)
    return tuple(
        value for value in extremes(column.type) if value is not None or not column.required
    )


def _plain(stream: Stream, number: int) -> dict[str, Any]:
    """A row that nobody could object to; its texts of the key are of its own."""
    return {
        column.name: _sample(column.name, column.type, stream, number) for column in stream.columns
    }


def _sample(name: str, type_: pa.DataType, stream: Stream, number: int) -> Any:
    if name in _SHAPES:
        return orjson.dumps(_SHAPES[name]).decode()
    if pa.types.is_date(type_):
        return DAY
    if pa.types.is_timestamp(type_):
        zone = getattr(type_, "tz", None)
        # Who came first came before.
        day = 2 if name == "first_visit_at" else 3
        return datetime(2026, 3, day, 12, tzinfo=UTC if zone else None)
    if pa.types.is_boolean(type_):
        return False
    if pa.types.is_decimal(type_):
        return Decimal(1)
    if pa.types.is_string(type_):
        known = {
            "currency_code": "EUR",
            "document_type": "sale",
            "currency": f"C{number}",
            # A refund in a list of its own is of an order that is as odd.
            "order_id": f"h{number}",
            # Messages of flows and of campaigns are of one kind, and none has the id of another.
            "flow_message_id": f"f{number}",
            # A country's own row: places of it without one would be no whole.
            "geo_target_region": "",
        }
        return known.get(name, f"h{number}" if name in stream.key else "1")
    if name == "source_row":
        return number + 2
    return number if name in stream.key and name != "hour" else 1


def _broken(shape: Any) -> Iterator[Any]:
    """The shape with each of its values replaced by each that it should not be."""
    for path in _paths(shape):
        for leaf in _LEAVES:
            broken = deepcopy(shape)
            at = broken
            for step in path[:-1]:
                at = at[step]
            at[path[-1]] = leaf
            yield broken


def _paths(value: Any) -> Iterator[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    for key, part in inner:
        if isinstance(part, dict | list):
            yield from ((key, *path) for path in _paths(part))
        yield (key,)
