"""Cells that hold nothing, cells that cost only themselves, signs, and a time from two columns."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from file_reads import Read, row, workbook

from connectors.platforms.files.texts import decimal_digits

Reader = Callable[..., Read]
COSTS = """
target: costs
kind: report
time_zone: UTC
currency: EUR
columns: {date: day, cost: paid, clicks: clicks, channel: what, conversion_value: value}
"""
COSTS_HEADER = "day,paid,clicks,what,value\n"
LINES = """
target: orders
kind: changes
time_zone: UTC
currency: EUR
columns: {order_id: id, ordered_at: at, unit_price: price, discount: off, paid_at: paid,
          customer_email: mail, customer_id: who}
"""
LINES_HEADER = "id,at,price,off,paid,mail,who\n"


@pytest.mark.parametrize("word", ["--", "-", "N/A", " n/a ", "Not Available", "NULL", "\\N", "–"])
def test_words_that_mean_nothing_are_null(read: Reader, word: str) -> None:
    found = read(LINES_HEADER + f"1,2026-11-01,5,{word},{word},{word},{word}\n", LINES)
    (one,) = found.rows
    names = ("discount", "paid_at", "customer_email", "customer_id")
    assert [one[name] for name in names] == [None] * 4
    assert (found.rejected, found.schema.get("unread_cells")) == ([], None)
    (reason,) = read(LINES_HEADER + f"{word},2026-11-01,5,,,,\n", LINES).reasons
    assert "order_id (column 'id') is missing" in reason


def test_a_mapping_states_its_own_words(read: Reader) -> None:
    mapping = COSTS + "null_values: [keine, '0']\n"
    found = read(COSTS_HEADER + "2026-11-01,5,0,keine,1\n2026-11-01,5,7,-,1\n", mapping)
    assert [(one["clicks"], one["channel"]) for one in found.rows] == [(None, None), (7, "-")]


def test_an_optional_cell_that_cannot_be_read_costs_the_cell(read: Reader) -> None:
    content = COSTS_HEADER + (
        "2026-11-01,5,many,tv,1\n2026-11-02,6,3,#N/A,1e30\n2026-11-03,7,few,tv,2\n"
    )
    found = read(content, COSTS)
    assert [(one["cost"], one["clicks"], one["channel"]) for one in found.rows] == [
        (Decimal(5), None, "tv"), (Decimal(6), 3, None), (Decimal(7), None, "tv"),
    ]  # fmt: skip
    assert found.rows[1]["conversion_value"] is None
    assert found.rejected == []
    assert found.schema["unread_cells"]["clicks (column 'clicks')"] == {
        "cells": 2,
        "first": "row 2: 'many' is not a number",
    }
    assert (
        "row 3: #N/A is the error"
        in found.schema["unread_cells"]["channel (column 'what')"]["first"]
    )
    assert "conversion_value (column 'value')" in found.schema["unread_cells"]


@pytest.mark.parametrize(
    "line",
    ["1,never,5,,,,", "#REF!,2026-11-01,5,,,,", "1,2026-11-01,dear,,,,", "1,2026-11-01,5,x,,,",
     "1,2026-11-01,5,,,,1.2E+11"],
)  # fmt: skip
def test_what_decides_the_line_costs_its_row(read: Reader, line: str) -> None:
    found = read(LINES_HEADER + line + "\n2,2026-11-01,5,,soon,,\n", LINES)
    assert [(one["order_id"], one["paid_at"]) for one in found.rows] == [("2", None)]
    assert [one["row"] for one in found.rejected] == [2]
    assert list(found.schema["unread_cells"]) == ["paid_at (column 'paid')"]


def test_an_optional_column_costs_no_row(read: Reader) -> None:
    mapping = LINES.replace("discount: off", "discount: {column: off, optional: true}")
    found = read(LINES_HEADER + "1,2026-11-01,5,x,,,\n", mapping)
    assert found.rows[0]["discount"] is None
    assert "discount (column 'off')" in found.schema["unread_cells"]


def test_the_note_of_a_cell_shows_nobody(read: Reader) -> None:
    found = read(LINES_HEADER + "1,2026-11-01,5,,ann@x.de,,\n", LINES)
    assert "ann@x.de" not in repr(found.schema)


@pytest.mark.parametrize("cell", ["-10.00", "(10.00)", "10.00-"])
def test_a_negative_discount_is_refused_until_its_meaning_is_stated(
    read: Reader, cell: str
) -> None:
    content = LINES_HEADER + f"1,2026-11-01,50,{cell},,,\n"
    (reason,) = read(content, LINES).reasons
    assert (
        "discount (column 'off') is negative (-10.000000); state under columns.discount" in reason
    )
    assert "negate: true if the file writes what is taken off with a minus" in reason
    for stated, discount in (("true", 10), ("false", -10)):
        mapping = LINES.replace("discount: off", f"discount: {{column: off, negate: {stated}}}")
        assert [one["discount"] for one in read(content, mapping).rows] == [discount]


def test_debits_of_a_bank_are_costs_when_that_is_stated(read: Reader) -> None:
    content = COSTS_HEADER + "2026-11-01,-100.00,,tv,\n2026-11-01,20.00,,tv,\n"
    found = read(content, COSTS)
    assert [one["cost"] for one in found.rows] == [20]
    assert "as banks do" in found.reasons[0]
    mapping = COSTS.replace("cost: paid", "cost: {column: paid, negate: true}")
    assert [one["cost"] for one in read(content, mapping).rows] == [100, -20]


def test_a_discount_of_a_return_comes_back_with_it(read: Reader) -> None:
    mapping = LINES + "document_type: {return: {order_id: {starts_with: R}}}\n"
    assert read(LINES_HEADER + "R1,2026-11-01,50,-5,,,\n", mapping).rows[0]["discount"] == -5


@pytest.mark.parametrize(
    ("text", "decimal", "currency", "digits"),
    [
        ("US$12.50", "", "USD", "12.50"),
        ("-US$12.50", "", "USD", "-12.50"),
        ("US$ -1,234.50", "", "USD", "-1234.50"),
        ("R$ 1.234,56", ",", "BRL", "1234.56"),
        ("R$1.234,56", ",", "BRL", "1234.56"),
        ("CA$5", "", "CAD", "5"),
        ("12,50 kr", ",", "SEK", "12.50"),
        ("12,50 zł", ",", "PLN", "12.50"),
        ("1 234,50 Kč", ",", "CZK", "1234.50"),
        ("Rs. 12,34,567.89", "", "INR", "1234567.89"),
        ("12,34,567.89", "", "INR", "1234567.89"),
        ("12,34,567", ".", "INR", "1234567"),
        ("1,23,45,678", "", "INR", "12345678"),
    ],
)
def test_amounts_as_their_countries_write_them(
    text: str, decimal: str, currency: str, digits: str
) -> None:
    assert decimal_digits(text, decimal, currency) == digits


@pytest.mark.parametrize("text", ["US$5", "A$5", "R$5"])
def test_the_sign_of_another_dollar_is_another_currency(text: str) -> None:
    with pytest.raises(ValueError, match="but the mapping states CAD"):
        decimal_digits(text, "", "CAD")


@pytest.mark.parametrize("text", ["1,2,345", "12,345,67", "1,234,56.7"])
def test_groups_of_no_country_are_no_number(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not a number|comma"):
        decimal_digits(text, "", "INR")


TWO = """
target: orders
kind: changes
time_zone: Europe/Berlin
currency: EUR
date_format: day_first
columns: {order_id: id, ordered_at: {column: Datum, time_column: Uhrzeit}}
"""


@pytest.mark.parametrize(
    ("hour", "moment"),
    [
        ("16:45", datetime(2026, 11, 2, 15, 45, tzinfo=UTC)),
        ("4:45:59 PM", datetime(2026, 11, 2, 15, 45, 59, tzinfo=UTC)),
        ("16.45", datetime(2026, 11, 2, 15, 45, tzinfo=UTC)),
        ("0.5", datetime(2026, 11, 2, 11, 0, tzinfo=UTC)),
        ("", datetime(2026, 11, 1, 23, 0, tzinfo=UTC)),
    ],
)
def test_a_time_from_two_columns(read: Reader, hour: str, moment: datetime) -> None:
    found = read(f"id,datum,Uhrzeit\n1,02/11/2026,{hour}\n", TWO)
    assert [one["ordered_at"] for one in found.rows] == [moment]
    assert found.unknown == set()


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("1,02/11/2026,soon", "'soon' is no time of day"),
        ("1,02/11/2026,25:00", "'25:00' is no time of day"),
        ("1,02/11/2026 10:00,11:00", "has a time of its own"),
        ("1,,11:00", "ordered_at (column 'Datum') is missing"),
        ("1,29/03/2026,02:30", "does not exist in Europe/Berlin"),
        ("1,02/11/2026,#N/A", "the error of a formula"),
    ],
)
def test_a_time_from_two_columns_that_is_none(read: Reader, line: str, says: str) -> None:
    found = read("id,Datum,Uhrzeit\n" + line + "\n", TWO)
    assert found.rows == []
    assert says in found.reasons[0]


def test_cells_of_a_workbook_make_one_time(read: Reader) -> None:
    styles = '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="20"/></cellXfs>'
    cells = ("1", '<c s="1"><v>46328</v></c>', '<c s="2"><v>0.75</v></c>')
    sheet = row(1, "id", "Datum", "Uhrzeit") + row(2, *cells)
    found = read(workbook(sheet, styles=styles), TWO, "x.xlsx")
    assert [one["ordered_at"] for one in found.rows] == [datetime(2026, 11, 2, 17, tzinfo=UTC)]


def test_the_column_of_the_hours_must_be_there(refused: Callable[..., Exception]) -> None:
    assert "no column 'Uhrzeit'" in str(refused("id,Datum\n1,02/11/2026\n", TWO))
