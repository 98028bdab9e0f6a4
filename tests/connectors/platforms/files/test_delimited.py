"""CSV as people export it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from file_reads import ORDERS, Read, read_path

from connectors.core.errors import ConnectorError
from connectors.platforms.files import delimited, rows

HEADER = "id,at,n,price,what\n"
Reader = Callable[..., Read]
Refused = Callable[..., ConnectorError]


def test_a_spreadsheet_of_a_country_with_decimal_commas() -> None:
    page = Path(__file__).parent / "pages/orders_semicolon.csv"
    found = read_path(
        page,
        """
        {target: orders, kind: snapshot, time_zone: Europe/Berlin, currency: EUR,
         decimal: ',', date_format: day_first,
         columns: {order_id: Bestellnummer, ordered_at: Datum, customer_id: Kundennummer,
                   product_name: Artikel, quantity: Menge, unit_price: Einzelpreis}}""",
    )
    assert [row["order_id"] for row in found.rows] == ["0001", "0002"], "leading zeros stay"
    assert [row["unit_price"] for row in found.rows] == [Decimal("1234.5"), Decimal("9.9")]
    assert found.rows[0]["ordered_at"] == datetime(2026, 11, 2, 23, tzinfo=UTC)
    assert [row["source_row"] for row in found.rows] == [2, 3]
    assert {row["currency_code"] for row in found.rows} == {"EUR"}


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_delimiters_endings_and_encodings_are_found(
    read: Reader, delimiter: str, ending: str, encoding: str
) -> None:
    lines = ["id,at,n,price,what", "1,2026-11-01,2,3.5,Müsli", '2,2026-11-02,1,4,"ß"']
    text = ending.join(lines).replace(",", delimiter) + ending
    found = read(text.encode(encoding))
    assert [row["product_name"] for row in found.rows] == ["Müsli", "ß"]
    assert found.schema["header"] == ["id", "at", "n", "price", "what"]


def test_quoted_delimiters_quotes_and_line_ends_are_data(read: Reader) -> None:
    found = read(HEADER + '1,2026-11-01,2,3,"a, ""b""\nc"\n2,2026-11-01,1,1,x\n')
    assert found.rows[0]["product_name"] == 'a, "b"\nc'
    assert [row["source_row"] for row in found.rows] == [2, 3]


def test_cells_that_begin_like_formulas_are_data(read: Reader) -> None:
    cells = ["=1+1", "+1", "-x", "@SUM(A1)", "=cmd|' /C calc'!A0"]
    found = read(HEADER + "".join(f"{n},2026-11-01,1,1,{c}\n" for n, c in enumerate(cells)))
    assert [row["product_name"] for row in found.rows] == cells


def test_bytes_that_cannot_be_decoded_spoil_their_row_only(read: Reader) -> None:
    content = HEADER.encode() + b"1,2026-11-01,1,1,M\xfcsli\n2,2026-11-01,1,1,ok\n"
    found = read(content)
    assert [row["order_id"] for row in found.rows] == ["2"]
    assert "0xFC" in found.reasons[0]
    assert "encoding: windows-1252" in found.reasons[0]
    assert found.rejected[0]["row"] == 2
    again = read(content, ORDERS + "encoding: windows-1252\n")
    assert again.rows[0]["product_name"] == "Müsli"


def test_ragged_rows_are_set_aside(read: Reader) -> None:
    found = read(HEADER + "1,2026-11-01,1\n2,2026-11-01,1,1,x,y\n3,2026-11-01,1,1,x,,\n\n,,,,\n")
    assert [row["order_id"] for row in found.rows] == ["3"]
    assert "it has 3 cells, the header has 5" in found.reasons[0]
    assert "pad_short_rows" in found.reasons[0]
    assert "is the delimiter inside a text" in found.reasons[1]
    assert found.rejected[1]["record"] == ["2", "2026-11-01", "1", "1", "x", "y"]
    padded = read(HEADER + "1,2026-11-01,1\n", ORDERS + "pad_short_rows: true\n")
    assert padded.rows[0]["unit_price"] is None


def test_blank_and_repeated_names_of_columns(read: Reader, refused: Refused) -> None:
    found = read("id,at,,note,note\n1,2026-11-01,x,a,b\n",
                 "{target: orders, kind: snapshot, time_zone: UTC, currency: EUR,"
                 " columns: {order_id: ID, ordered_at: At}}")  # fmt: skip
    assert found.schema["header"] == ["id", "at", "column_3", "note", "note (2)"]
    assert found.rows[0]["_extra"] == '{"column_3":"x","note":"a","note (2)":"b"}'
    error = refused("id,at,n,price,what,what\n1,2026-11-01,1,1,a,b\n")
    assert "the header has 'what' more than once" in error.message
    assert "'what (2)'" in error.remedy


def test_titles_above_the_header(read: Reader) -> None:
    found = read("Sales 2026\n\n" + HEADER + "1,2026-11-01,1,1,x\n", ORDERS + "header_row: 3\n")
    assert found.rows[0]["source_row"] == 4


def test_non_breaking_spaces_are_spaces(read: Reader) -> None:
    found = read("id\u00a0,at,n,price,what\n\u00a01\u00a0,2026-11-01,1,1\u00a0€,a\u00a0b\n")
    assert found.rows[0]["order_id"] == "1"
    assert found.rows[0]["unit_price"] == 1
    assert found.rows[0]["product_name"] == "a b"


@pytest.mark.parametrize("content", ["", "\n\n", "\ufeff"])
def test_an_empty_file_is_refused(refused: Refused, content: str) -> None:
    error = refused(content)
    assert "empty" in error.message
    assert error.error_class == "ShapeChanged"


def test_a_header_without_rows_is_an_empty_list(read: Reader) -> None:
    found = read(HEADER)
    assert found.rows == []
    assert found.rejected == []


def test_a_giant_line_is_refused_before_it_fills_the_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delimited, "LARGEST_ROW", 1000)
    path = tmp_path / "x.csv"
    path.write_text(HEADER + "1,2026-11-01,1,1,x\n" + "x" * 5000)
    with pytest.raises(ConnectorError, match="a row is longer than"):
        read_path(path, ORDERS)
    path.write_text("x" * 5000)
    with pytest.raises(ConnectorError, match="a row is longer than"):
        read_path(path, ORDERS)


def test_a_quote_that_is_never_closed_takes_no_row_with_it(
    read: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows_after = "".join(f"{n},2026-11-01,1,1,x\n" for n in range(3, 2003))
    content = HEADER + '1,2026-11-01,1,1,x\n2,2026-11-01,1,1,"x\n' + rows_after
    for longest in (16 * 2**20, 10_000):
        monkeypatch.setattr(delimited, "LARGEST_ROW", longest)
        found = read(content)
        assert [one["row"] for one in found.rejected] == [3]
        assert found.reasons[0].startswith("row 3: it opens a quote that is never closed")
        assert [one["order_id"] for one in found.rows] == ["1", *map(str, range(3, 2003))]
        assert found.rows[-1]["source_row"] == 2003


@pytest.mark.parametrize(
    "lines",
    [
        '1,2026-11-01,1,1,"a\n2,2026-11-01,1,1,"b"\n3,2026-11-01,1,1,c\n',
        '1,2026-11-01,1,1,"a\n2,2026-11-01,1,1,b\n3,2026-11-01,1,1,"c"\n',
        '2,2026-11-01,1,1,b\n3,2026-11-01,1,1,c\n1,2026-11-01,1,1,"a\n',
        '2,2026-11-01,1,1,b\n3,2026-11-01,1,1,c\n1,2026-11-01,1,1,"a',
    ],
)
def test_another_quote_does_not_close_it(read: Reader, lines: str) -> None:
    found = read(HEADER + lines)
    assert [one["order_id"] for one in found.rows] == ["2", "3"]
    (bad,) = found.rejected
    assert bad["record"][0] == "1"


def test_rows_inside_a_cell_are_set_aside_with_the_row_that_opened_the_quote(read: Reader) -> None:
    """The inch sign of row 3 closes the quote of row 2: valid CSV, and two rows less."""
    found = read(
        HEADER + '1,2026-11-01,1,1,"a\n2,2026-11-02,2,1.50,b\n3,2026-11-01,1,1,5"\n'
        "4,2026-11-01,1,1,d\n"
    )
    assert [one["order_id"] for one in found.rows] == ["4"]
    (bad,) = found.rejected
    assert bad["reason"].startswith("row 2: it opens a quote")
    assert "2 lines that could be rows of their own" in bad["reason"]
    assert "2,2026-11-02,2,1.50,b" in bad["record"][-1]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ('"24"" monitor"', '24" monitor'),
        ('"24" monitor', '24 monitor'),
        ('24" monitor', '24" monitor'),
        ('"a\nb, c\n\n1, 2"', "a\nb, c\n\n1, 2"),
        ('"Main Street 1\nApt. 2, Rear, Left, Town, 12345"',
         "Main Street 1\nApt. 2, Rear, Left, Town, 12345"),
    ],
)  # fmt: skip
def test_quotes_that_spreadsheets_read_are_read(read: Reader, cell: str, text: str) -> None:
    found = read(HEADER + f"1,2026-11-01,1,1,{cell}\n2,2026-11-01,1,1,x\n")
    assert [one["product_name"] for one in found.rows] == [text, "x"]


def test_a_quote_in_the_header_that_is_never_closed_is_refused(refused: Refused) -> None:
    error = refused('id,at,n,price,"what\n1,2026-11-01,1,1,x\n')
    assert "row 1, where the header should be, cannot be read: it opens a quote" in error.message


def test_batches_are_bounded_in_rows_cells_and_bytes(
    read: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = HEADER + "".join(f"{n},2026-11-01,1,1,x\n" for n in range(100))
    assert read(content).pages == 1
    monkeypatch.setattr(rows, "BATCH_CELLS", 50)
    assert read(content).pages == 11
    monkeypatch.setattr(rows, "BATCH_CELLS", 10**6)
    monkeypatch.setattr(rows, "BATCH_BYTES", 200)
    assert read(content).pages > 5
    assert len(read(content).rows) == 100
