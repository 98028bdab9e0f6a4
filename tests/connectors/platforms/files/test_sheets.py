"""Workbooks: the stored values, and nothing that explodes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from file_reads import ORDERS, Read, read_path, row, workbook

from connectors.core.errors import ConnectorError
from connectors.platforms.files import rows as rows_module
from connectors.platforms.files import workbook as workbook_module

Reader = Callable[..., Read]
Refused = Callable[..., ConnectorError]
NAMES = row(1, "id", "at", "n", "price", "what")


def number(value: str, style: int = 0) -> str:
    return f'<c s="{style}"><v>{value}</v></c>'


def test_a_workbook_of_a_library(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["id", "at", "n", "price", "what"])
    sheet.append(["007", datetime(2026, 11, 1, 10, 30), 2, 19.99, "Müsli & <Brot>"])
    sheet.append([536365, date(2026, 11, 2), 1, 0.1, "=1+1"])
    sheet.append([])
    sheet.append([None, None, None, None, None])
    sheet.append(["C1", datetime(2026, 11, 3), -1, 5, None])
    path = tmp_path / "x.xlsx"
    book.save(path)
    found = read_path(path, ORDERS)
    assert [r["order_id"] for r in found.rows] == ["007", "536365", "C1"]
    assert found.rows[0]["ordered_at"] == datetime(2026, 11, 1, 9, 30, tzinfo=UTC)
    assert found.rows[0]["unit_price"] == Decimal("19.99")
    assert found.rows[0]["product_name"] == "Müsli & <Brot>"
    assert [r["source_row"] for r in found.rows] == [2, 3, 6], "as the spreadsheet numbers them"
    assert found.rows[1]["product_name"] is None
    unread = found.schema["unread_cells"]["product_name (column 'what')"]
    assert unread["first"].startswith("row 3: it holds a formula without a stored value")


def test_a_formula_is_its_stored_value(read: Reader) -> None:
    cells = ["1", "2026-11-01", "<c><f>1+1</f><v>2</v></c>",
             '<c t="e"><f>1/0</f><v>#DIV/0!</v></c>',
             '<c t="str"><f>"a"&amp;"b"</f><v>ab</v></c>']  # fmt: skip
    good = [*cells[:3], number("3"), cells[4]]
    found = read(workbook(NAMES + row(2, *cells) + row(3, *good)), name="x.xlsx")
    assert [(r["quantity"], r["product_name"]) for r in found.rows] == [(2, "ab")]
    assert "#DIV/0! is the error of a formula" in found.reasons[0]


def test_numbers_that_lost_digits_are_no_ids(read: Reader) -> None:
    lines = row(2, number("1.23456789012346E+17"), "2026-11-01", number("1")) + row(
        3, number("120000000000"), "2026-11-01", number("1")
    )
    found = read(workbook(NAMES + lines), name="x.xlsx")
    assert [r["order_id"] for r in found.rows] == ["120000000000"]
    assert "more than 15 digits" in found.reasons[0]


def test_dates_are_known_by_their_style_and_time_of_day_is_none(read: Reader) -> None:
    styles = (
        '<numFmts><numFmt numFmtId="170" formatCode="dd\\.mm\\.yyyy"/>'
        '<numFmt numFmtId="171" formatCode="#,##0.00 &quot;days&quot;"/></numFmts>'
        '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/><xf numFmtId="171"/>'
        "</cellXfs>"
    )
    lines = "".join(
        row(n, str(n), number("46327.5", style), number("1"))
        for n, style in ((2, 1), (3, 2), (4, 3))
    )
    found = read(workbook(NAMES + lines, styles=styles), name="x.xlsx")
    assert [r["ordered_at"] for r in found.rows] == [datetime(2026, 11, 1, 11, tzinfo=UTC)] * 2
    assert "state date_format: serial" in found.reasons[0]


def test_shared_texts_gaps_and_cells_without_places(read: Reader) -> None:
    header = "".join(f'<c r="{c}1" t="s"><v>{n}</v></c>' for n, c in enumerate("ABCDE"))
    body = ('<row r="5"><c r="A5" t="s"><v>5</v></c><c r="B5" t="s"><v>6</v></c>'
            '<c r="E5" t="s"><v>4</v></c></row>')  # fmt: skip
    texts = ["id", "at", "n", "price", "what", "0042", "2026-11-01"]
    found = read(workbook(f'<row r="1">{header}</row>{body}', texts), name="x.xlsx")
    assert found.rows[0]["order_id"] == "0042"
    assert found.rows[0]["product_name"] == "what"
    assert found.rows[0]["quantity"] is None
    assert found.rows[0]["source_row"] == 5


def test_merged_headers_leave_blanks_that_get_names(read: Reader) -> None:
    top = row(1, "Order", "<c/>", "<c/>")
    found = read(workbook(top + row(2, "id", "at", "n", "price", "what")
                          + row(3, "1", "2026-11-01", number("1"))),
                 ORDERS + "header_row: 2\n", "x.xlsx")  # fmt: skip
    assert len(found.rows) == 1


def test_which_sheet_must_be_clear(read: Reader, refused: Refused) -> None:
    book = workbook(NAMES + row(2, "1", "2026-11-01"), sheets=("Data", "Notes"))
    error = refused(book, name="x.xlsx")
    assert "2 visible sheets ('Data', 'Notes')" in error.message
    assert "no sheet 'Dta'" in refused(book, ORDERS + "sheet: Dta\n", "x.xlsx").message
    assert len(read(book, ORDERS + "sheet: Data\n", "x.xlsx").rows) == 1
    assert len(read(book, ORDERS + "sheet: 1\n", "x.xlsx").rows) == 1


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"])
def test_a_zip_bomb_is_refused_unopened(refused: Refused, part: str) -> None:
    buffer = io.BytesIO(workbook(NAMES))
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr(part, "<a>" + " " * (100 * 2**20) + "</a>")
    error = refused(buffer.getvalue(), name="x.xlsx")
    assert "unpacks to" in error.message
    assert len(buffer.getvalue()) < 2**20


def test_texts_beyond_the_limit_are_refused(
    refused: Refused, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook_module, "LARGEST_TEXTS", 1000)
    assert "sharedStrings" in refused(workbook(NAMES, ["x" * 2000]), name="x.xlsx").message


def test_xml_with_entities_is_refused(refused: Refused) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><sst><si><t>&b;</t></si></sst>'
    error = refused(workbook(NAMES, more={"xl/sharedStrings.xml": bomb}), name="x.xlsx")
    assert "declares a document type" in error.message


@pytest.mark.parametrize(
    "content",
    [b"PK\x03\x04 not a zip", b"\xd0\xcf\x11\xe0 an old .xls", workbook(NAMES)[:-40], b"<html>"],
    ids=["not a zip", "old .xls", "cut off", "html"],
)
def test_what_is_no_workbook_is_told(refused: Refused, content: bytes) -> None:
    assert "not a readable .xlsx workbook" in refused(content, name="x.xlsx").message


@pytest.mark.parametrize(
    "sheet",
    [
        '<row r="1"><c r="XFD1"><v>1</v></c></row>',
        '<row r="x"/>',
        '<row r="1"><c t="s"><v>99</v></c></row>',
        '<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>',
        "<row><c",
    ],
)
def test_a_sheet_that_lies_is_refused(refused: Refused, sheet: str) -> None:
    assert refused(workbook(sheet), name="x.xlsx").error_class == "ShapeChanged"


def test_memory_does_not_grow_with_the_sheet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import tracemalloc

    monkeypatch.setattr(rows_module, "BATCH_ROWS", 500)

    def peak(lines: int) -> int:
        path = tmp_path / f"{lines}.xlsx"
        path.write_bytes(workbook(NAMES + "".join(
            row(n, str(n), "2026-11-01", number("1"), number("2"), "x" * (n % 50))
            for n in range(2, lines))))  # fmt: skip
        book = path.open("rb")
        from connectors.platforms.files.sheets import SheetRows

        tracemalloc.start()
        counted = sum(len(batch.numbers) for batch in SheetRows(book))
        assert counted == lines - 2
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    small = peak(1_500)
    assert peak(9_000) < 2 * small
