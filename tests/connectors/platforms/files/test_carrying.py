"""What a file says of several rows at once: carried values, and amounts of the whole order."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from file_reads import Read, read_path

from connectors.platforms.files.draft import draft
from connectors.platforms.files.mapping_parser import parse
from connectors.platforms.files.tree import MappingError

MAPPING = """
target: orders
kind: snapshot
time_zone: UTC
currency: EUR
carry_down: [order_id, ordered_at, customer_id]
columns:
  order_id: Order
  ordered_at: Date
  customer_id: Customer
  currency_code: Currency
  product_name: Item
  unit_price: Price
"""
HEADER = "Order,Date,Customer,Currency,Item,Price\n"


def read(tmp_path: Path, text: str, mapping: str = MAPPING) -> Read:
    path = tmp_path / "export.csv"
    path.write_text(HEADER + text)
    return read_path(path, mapping)


def test_values_of_the_first_row_hold_for_the_order_and_no_further(tmp_path: Path) -> None:
    found = read(tmp_path, "1,2026-03-01,c,USD,a,5\n,,,,b,6\n2,2026-03-02,,,c,7\n,,,,d,8\n")
    assert found.rejected == []
    names = ("order_id", "customer_id", "currency_code", "product_name")
    assert [tuple(row[name] for name in names) for row in found.rows] == [
        ("1", "c", "USD", "a"),
        ("1", "c", "USD", "b"),
        # The next order says no customer and no currency: nobody's is taken from the one above.
        ("2", None, "EUR", "c"),
        ("2", None, "EUR", "d"),
    ]
    assert [row["ordered_at"].day for row in found.rows] == [1, 1, 2, 2]


def test_nothing_is_carried_past_a_row_that_could_not_be_read(tmp_path: Path) -> None:
    text = "1,2026-03-01,c,USD,a,5\n2,2026-03-02,d,GBP,b,6,too,many\n,,,,c,7\n3,2026-03-03,e,,d,8\n"
    found = read(tmp_path, text)
    assert [(row["order_id"], row["product_name"]) for row in found.rows] == [("1", "a")]
    assert [reason.split(":")[0] for reason in found.reasons] == ["row 3", "row 4", "row 5"]
    assert "a row above it could not be read" in found.reasons[1]
    assert "currency_code is empty" in found.reasons[2]


def test_an_order_has_one_currency_also_when_nothing_is_carried(tmp_path: Path) -> None:
    plain = MAPPING.replace("carry_down: [order_id, ordered_at, customer_id]\n", "")
    text = "1,2026-03-01,c,USD,a,5\n1,2026-03-01,c,,b,6\n1,2026-03-01,c,GBP,c,7\n"
    found = read(tmp_path, text, plain)
    assert [row["currency_code"] for row in found.rows] == ["USD", "USD"]
    assert found.reasons == ["row 4: currency_code is GBP, above in its order it is USD"]


def test_carried_values_cross_the_batches_of_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connectors.platforms.files.rows.BATCH_ROWS", 1)
    found = read(tmp_path, "1,2026-03-01,c,USD,a,5\n,,,,b,6\n,,,,c,7\n")
    assert [(row["order_id"], row["currency_code"]) for row in found.rows] == [("1", "USD")] * 3
    assert found.pages > 1


def test_titles_of_variants_are_carried(tmp_path: Path) -> None:
    path = tmp_path / "products.csv"
    path.write_text("SKU,Title\na-1,Shoe\na-2,\nb-1,Hat\n")
    mapping = """
target: products
kind: snapshot
time_zone: UTC
carry_down: [name]
columns: {product_id: SKU, name: Title}
"""
    found = read_path(path, mapping)
    assert [row["name"] for row in found.rows] == ["Shoe", "Shoe", "Hat"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"carry_down": ["unit_price"]}, "order_total"),
        ({"carry_down": ["status"]}, "no column of the file fills"),
        ({"tax_included": "maybe"}, "tax_included"),
    ],
)
def test_a_mapping_that_would_add_up_repetitions_is_refused(
    change: dict[str, object], message: str
) -> None:
    with pytest.raises(MappingError, match=message):
        parse({**yaml.load(MAPPING, yaml.BaseLoader), **change})


def test_prices_with_tax_are_marked(tmp_path: Path) -> None:
    found = read(tmp_path, "1,2026-03-01,c,USD,a,5\n", MAPPING + "tax_included: true\n")
    assert [row["tax_included"] for row in found.rows] == [True]
    assert read(tmp_path, "1,2026-03-01,c,USD,a,5\n").rows[0]["tax_included"] is None


def test_a_draft_finds_what_is_of_the_whole_order(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(
        "Order,Date,Currency,Price,Quantity,Tax,Shipping,Total,Discount\n"
        "1,2026-03-01,USD,10,1,1,,30,\n"
        "1,2026-03-01,,20,1,2,,30,\n"
        "2,2026-03-02,EUR,5,1,1,4,9,\n"
    )
    tree = yaml.safe_load(draft(path))
    columns = tree["columns"]
    # The total is repeated, the tax differs between the lines of an order.
    assert {columns[name] for name in ("order_total", "order_shipping", "order_discount")} == {
        "Total", "Shipping", "Discount",
    }  # fmt: skip
    assert columns["tax"] == "Tax"
    assert "order_tax" not in columns
    assert tree["carry_down"] == ["currency_code"]
    tree |= {"time_zone": "UTC", "kind": "snapshot"}
    found = read_path(path, yaml.safe_dump(tree))
    assert [row["order_total"] for row in found.rows] == [Decimal(30), Decimal(30), Decimal(9)]
    assert [row["currency_code"] for row in found.rows] == ["USD", "USD", "EUR"]
