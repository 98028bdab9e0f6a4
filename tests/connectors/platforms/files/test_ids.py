"""What a person sees in a cell is what is stored, and an id that nobody can see whole is none."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from file_reads import Read, row, workbook

from connectors.platforms.files.texts import as_text

HEADER = "id,at,n,price,what\n"
Reader = Callable[..., Read]
RECORDS = """
target: records
kind: changes
table: stock
time_zone: UTC
key: [id]
columns: {id: id, ean: ean, pieces: {column: pieces, type: integer}}
"""
COSTS = """
target: costs
kind: report
time_zone: UTC
currency: EUR
columns: {date: day, cost: cost, clicks: clicks}
"""


@pytest.mark.parametrize(
    ("cell", "seen"),
    [
        ('="00501"', "00501"),
        ('"=""00501"""', "00501"),
        ("00501\u200b", "00501"),
        ("\u202d00501\u202c", "00501"),
        ("=00501", "=00501"),
        ("=A1&B1", "=A1&B1"),
    ],
)
def test_a_cell_is_what_a_person_sees(read: Reader, cell: str, seen: str) -> None:
    found = read(f"id,at,n,price,what,zip\n{cell},2026-11-01,1,1,{cell},{cell}\n")
    (one,) = found.rows
    assert (one["order_id"], one["product_name"]) == (seen, seen)
    if "00501" in seen and cell.isascii():
        assert one["_extra"] == f'{{"zip":"{seen}"}}'


def test_a_formula_of_a_text_is_read_in_every_column(read: Reader) -> None:
    found = read(HEADER + '"=""1""","=""2026-11-01""","=""2""","=""1.50""",x\n')
    assert [(one["quantity"], one["unit_price"]) for one in found.rows] == [(2, 1.5)]
    assert "scientific notation" in read(HEADER + '="1.2E+11",2026-11-01,1,1,x\n').reasons[0]


@pytest.mark.parametrize(
    ("cell", "code"), [("1\0", "0000"), ("1\x1b[31m", "001B"), ("1\x852", "0085")]
)
def test_an_id_with_a_character_that_nobody_sees_is_refused(
    read: Reader, cell: str, code: str
) -> None:
    found = read(HEADER + f"{cell},2026-11-01,1,1,x\n1,2026-11-01,1,1,x\n")
    assert [one["order_id"] for one in found.rows] == ["1"]
    assert f"it holds the character U+{code}, which no spreadsheet shows" in found.reasons[0]


def test_a_nul_in_another_text_costs_the_cell(read: Reader) -> None:
    found = read(HEADER + "1,2026-11-01,1,1,a\0b\n")
    assert found.rows[0]["product_name"] is None
    assert "U+0000" in found.schema["unread_cells"]["product_name (column 'what')"]["first"]


def test_long_numbers_that_a_workbook_rounded_are_refused(read: Reader) -> None:
    def cells(ean: str) -> str:
        return row(2, "1", ean, "<c><v>3</v></c>")

    names = row(1, "id", "ean", "pieces")
    for rounded in ("4006381333931123", "4.00638133393112E+15", "1234567890123450000"):
        found = read(workbook(names + cells(f"<c><v>{rounded}</v></c>")), RECORDS, "x.xlsx")
        assert '"ean":null' in found.rows[0]["data"]
        assert "more than 15 digits" in found.schema["unread_cells"]["ean (column 'ean')"]["first"]
        key = row(2, f"<c><v>{rounded}</v></c>", "1", "<c><v>3</v></c>")
        assert "more than 15 digits" in read(workbook(names + key), RECORDS, "x.xlsx").reasons[0]
    found = read(workbook(names + cells("<c><v>4006381333931</v></c>")), RECORDS, "x.xlsx")
    assert '"ean":"4006381333931"' in found.rows[0]["data"]


def test_leading_zeros_that_a_workbook_shows_are_stored(read: Reader) -> None:
    styles = (
        '<numFmts><numFmt numFmtId="170" formatCode="00000"/></numFmts>'
        '<cellXfs><xf numFmtId="0"/><xf numFmtId="170"/></cellXfs>'
    )
    sheet = row(1, "id", "ean", "pieces") + row(2, *['<c s="1"><v>501</v></c>'] * 3)
    found = read(workbook(sheet, styles=styles), RECORDS, "x.xlsx")
    assert found.rows[0]["row_key"] == "00501"
    assert found.rows[0]["data"] == '{"id":"00501","ean":"00501","pieces":"501"}'


def test_digits_that_no_spreadsheet_shows_are_no_text() -> None:
    assert as_text(0.1 + 0.2) == "0.3"
    assert as_text(19.989999999999998) == "19.99"
    assert as_text(1234567.25) == "1234567.25"


@pytest.mark.parametrize(
    ("cell", "clicks"), [("1.0", 1), ("3.0", 3), ("3", 3), ("1e3", 1000), ("-2.00", -2)]
)
def test_a_text_of_a_whole_number_is_an_integer(read: Reader, cell: str, clicks: int) -> None:
    found = read(f"day,cost,clicks\n2026-11-01,1,{cell}\n", COSTS)
    assert [one["clicks"] for one in found.rows] == [clicks]
    data = read(f"id,ean,pieces\n1,2,{cell}\n", RECORDS).rows[0]["data"]
    assert f'"pieces":"{clicks}"' in data


@pytest.mark.parametrize("cell", ["1.5", "1e30", "1e-400000", "1e400000", "9" * 40])
def test_what_is_no_whole_number_costs_the_cell(read: Reader, cell: str) -> None:
    found = read(f"day,cost,clicks\n2026-11-01,1,{cell}\n", COSTS)
    assert [one["clicks"] for one in found.rows] == [None]
    assert "clicks (column 'clicks')" in found.schema["unread_cells"]
