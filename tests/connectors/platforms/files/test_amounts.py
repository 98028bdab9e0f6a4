"""Amounts that could be of another currency or another size, and phone numbers out of place."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from decimal import Decimal

import pytest
from file_reads import ORDERS, Read, row, workbook

HEADER = "id,at,n,price,what\n"
Reader = Callable[..., Read]
CUSTOMERS = (
    "{target: customers, kind: snapshot, time_zone: UTC,"
    " columns: {customer_id: id, phone: tel, country: c}}"
)


def of_currency(code: str) -> str:
    return ORDERS.replace("EUR", code)


@pytest.mark.parametrize(
    ("price", "mapping", "says"),
    [
        ("$5", ORDERS, "'$5' has the currency $, but the mapping states EUR"),
        ("5 USD", ORDERS, "has the currency USD, but the mapping states EUR"),
        ("-£5", ORDERS, "has the currency £, but the mapping states EUR"),
        ("$5 EUR", ORDERS, "has the currency $"),
        ("¥5", of_currency("USD"), "has the currency ¥, but the mapping states USD"),
        (
            "5 €",
            ORDERS.replace("currency: EUR\n", "").replace("{", "{currency_code: what, "),
            "states no currency for the whole file",
        ),
    ],
)
def test_another_currency_is_set_aside(read: Reader, price: str, mapping: str, says: str) -> None:
    found = read(HEADER + f"1,2026-11-01,1,{price},EUR\n2,2026-11-01,1,4,EUR\n", mapping)
    assert [one["order_id"] for one in found.rows] == ["2"]
    assert "unit_price (column 'price'): " in found.reasons[0]
    assert says in found.reasons[0]


@pytest.mark.parametrize(
    ("price", "code"),
    [("€5", "EUR"), ("5 EUR", "EUR"), ("$5", "CAD"), ("5\u00a0¥", "CNY"), ("£5", "GBP")],
)
def test_its_own_currency_may_stand_beside_an_amount(read: Reader, price: str, code: str) -> None:
    found = read(HEADER + f"1,2026-11-01,3 PCS,{price},x\n", of_currency(code))
    assert [(one["unit_price"], one["quantity"]) for one in found.rows] == [(5, 3)]
    constant = of_currency("SEK").replace("{", "{currency_code: {constant: " + code + "}, ")
    assert read(HEADER + f"1,2026-11-01,1,{price},x\n", constant).rows[0]["currency_code"] == code


@pytest.mark.parametrize("price", ["1.234", "12.345 €", "-123.456", "(1.234)", "EUR 1.234"])
def test_thousands_or_decimals_are_set_aside(read: Reader, price: str) -> None:
    content = HEADER + f"1,2026-11-01,1,{price},x\n"
    mapping = ORDERS + "allow_negative_prices: true\n"
    (reason,) = read(content, mapping).reasons
    assert "could be decimals or thousands; state decimal: '.' or decimal: ','" in reason
    for decimal in ".,":
        assert len(read(content, mapping + f"decimal: '{decimal}'\n").rows) == 1


@pytest.mark.parametrize("price", ["1.23", "1.2345", "1234.567", "1,234.567", "0.125", "1 234.567"])
def test_what_can_only_be_decimals_is_read(read: Reader, price: str) -> None:
    found = read(HEADER + f'1,2026-11-01,1.234,"{price}",x\n')
    assert found.rows[0]["unit_price"] == Decimal(price.replace(",", "").replace(" ", ""))


def test_numbers_of_a_workbook_have_no_spelling_to_mistake(read: Reader) -> None:
    cells = ("1", "2026-11-01", "<c><v>1</v></c>", "<c><v>1.234</v></c>", "x")
    sheet = row(1, "id", "at", "n", "price", "what") + row(2, *cells)
    assert read(workbook(sheet), name="x.xlsx").rows[0]["unit_price"] == Decimal("1.234")


@pytest.mark.parametrize("phone", ["+49 (30) 123-456", "0049.30/123456", "(030) 1234567"])
def test_a_phone_number_out_of_place_is_a_token_in_quarantine(read: Reader, phone: str) -> None:
    whole = read(f"id,tel,c\n1,{phone},DE\n", CUSTOMERS).rows[0]["phone"]
    found = read(f"id,tel,c\n1,Ann,{phone},DE\n2,{phone}\n3,call {phone}!,DE,x\n", CUSTOMERS)
    assert [bad["record"] for bad in found.rejected] == [
        ["1", "Ann", whole, "DE"],
        ["2", whole],
        ["3", f"call {whole}!", "DE", "x"],
    ]


def test_a_phone_number_in_a_row_that_cannot_be_split_is_a_token(read: Reader) -> None:
    token = hashlib.sha256(b"0301234567").hexdigest()
    found = read(
        '{"id":"1","tel":"","c":""}\n{"id":"2","tel":"030 1234567"\n', CUSTOMERS, "x.ndjson"
    )
    assert found.rejected[0]["record"] == f'{{"id":"2","tel":"{token}"'
    sheet = row(1, "id", "tel", "c") + row(2, "1", "x", "y", "<c><v>301234567</v></c>")
    found = read(workbook(sheet), CUSTOMERS, "x.xlsx")
    assert "301234567" not in repr(found.rejected)


def test_other_streams_keep_their_numbers_in_quarantine(read: Reader) -> None:
    assert read(HEADER + "1234567,2026-11-01\n").rejected[0]["record"] == ["1234567", "2026-11-01"]
