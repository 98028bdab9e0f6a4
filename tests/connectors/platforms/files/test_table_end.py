"""Titles, sums and second tables above and below the table: no row of theirs is one of its rows."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from file_reads import ORDERS, Read, row, workbook

from connectors.core.errors import ConnectorError

HEADER = "id,at,n,price,what\n"
Reader = Callable[..., Read]
Refused = Callable[..., ConnectorError]
TEXTS = """
target: records
kind: changes
table: stores
time_zone: UTC
key: [id]
columns: {id: id, town: town}
"""


def loaded(found: Read) -> list[str]:
    return [one["order_id"] for one in found.rows]


@pytest.mark.parametrize(
    "below",
    [
        "# Totals\nid,at,n,price,what\n7,2026-11-01,1,1,x\n8,2026-11-01,1,1,x\n",
        "\n# ------\n\n7,2026-11-01,1,1,x\n8,2026-11-01,1,1,x\n9,2026-11-01,1,1,x\n",
        "\nid,at,n,price,what\n7,2026-11-01,1,1,x\n8,2026-11-01,1,1,x\n",
        "\nkey,day,number,amount,name\n7,2026-11-01,1,1,x\n8,2026-11-01,1,1,x\n",
        ",,,,\nkey,day,number,amount\n7,2026-11-01,1,1\n8,2026-11-01,1,1\n",
        "# a,,,,\n7,2026-11-01,1,1,x\n8,2026-11-01,1,1,x\n9,2026-11-01,1,1,x\n",
    ],
)
def test_what_stands_below_the_table_is_none_of_its_rows(read: Reader, below: str) -> None:
    found = read(HEADER + "1,2026-11-01,1,1,x\n2,2026-11-02,1,1,x\n" + below)
    assert loaded(found) == ["1", "2"]
    assert len(found.rejected) == 3
    assert all("table" in reason for reason in found.reasons)
    assert "drop" in found.reasons[-1]


def test_a_header_that_is_repeated_costs_itself(read: Reader) -> None:
    found = read("id,town\na,x\nID,town\nid,town\nb,y\n", TEXTS)
    assert [one["row_key"] for one in found.rows] == ["a", "ID", "b"]
    assert found.reasons == ["row 4: it repeats the header"]


def test_blank_rows_and_numbers_with_a_hash_end_nothing(read: Reader) -> None:
    lines = "#1001,2026-11-01,1,1,x\n\n#1002,2026-11-01,1,1,x\n\n,,,,\n3,2026-11-01,,,text\n"
    assert loaded(read(HEADER + lines)) == ["#1001", "#1002", "3"]
    found = read("id,town\n\na,x\n\nb,y\n\nc,z\n", TEXTS)
    assert [one["row_key"] for one in found.rows] == ["a", "b", "c"]


def test_a_line_with_a_hash_at_the_end_is_no_row(read: Reader) -> None:
    found = read(HEADER + "1,2026-11-01,1,1,x\n# 1 row\n\n")
    assert (loaded(found), found.rejected) == (["1"], [])


def test_lines_with_a_hash_above_the_header_are_refused_with_the_header_row(
    read: Reader, refused: Refused
) -> None:
    content = "# Report\n# 1 to 21 November\n\n" + HEADER + "1,2026-11-01,1,1,x\n"
    error = refused(content)
    assert "seems to be no header" in error.message
    assert "state header_row: 4" in error.remedy
    assert loaded(read(content, ORDERS + "header_row: 4\n")) == ["1"]


def test_a_second_table_of_a_sheet(read: Reader) -> None:
    def cells(key: str) -> tuple[str, ...]:
        return (key, "2026-11-01", "<c><v>0</v></c>", "<c><v>1</v></c>", "x")

    names = ("id", "at", "n", "price", "what")
    sheet = (
        row(1, *names) + row(2, *cells("1")) + row(4, *cells("2")) + row(6, *names)
        + row(7, *cells("3"))
    )  # fmt: skip
    found = read(workbook(sheet), name="x.xlsx")
    assert loaded(found) == ["1", "2"]
    assert [one["row"] for one in found.rejected] == [6, 7]


@pytest.mark.parametrize("number", ["#1001", "#A-1001", "#1001-B"])
def test_the_number_of_an_order_is_no_comment_where_its_last_cells_are_cut_off(
    read: Callable[..., Read], number: str
) -> None:
    """Workbooks have no cells behind the last filled one of a row."""
    sheet = (
        row(1, "id", "at", "n", "price", "what")
        + row(2, number, "2026-11-01", "1", "5", "mug")
        + row(3, number, "2026-11-01", "2", "6")
        + row(4, "#1002", "2026-11-01", "3", "7")
    )
    found = read(workbook(sheet), name="x.xlsx")
    assert [one["order_id"] for one in found.rows] == [number, number, "#1002"]
    # A row of a CSV that is too short is set aside, and the rows below it are read.
    found = read(f"id,at,n,price,what\n{number},2026-11-01,2,6\n#1002,2026-11-01,1,5,mug\n")
    assert [one["order_id"] for one in found.rows] == ["#1002"]
    assert ["4 cells" in reason for reason in found.reasons] == [True]
