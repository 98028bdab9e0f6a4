"""A table that leaves the warehouse arrives whole, and no text in it acts."""

from __future__ import annotations

import csv
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import openpyxl
import pyarrow.parquet as pq
import pytest

from tests.warehouse.conftest import Clock
from warehouse import exports
from warehouse.exports import ExportError, export_table
from warehouse.home import Home
from warehouse.publishing import publish

ATTACKS = ["=cmd|' /C calc'!A0", "+1+1", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1"]
LONG = Decimal("123456789012345678.123456")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A release with a table of two organizations, and one that all share."""
    home = Home.open(tmp_path_factory.mktemp("exported") / "home")
    with duckdb.connect(str(home.serve_db)) as connection:
        connection.execute(
            """
            create table dim_organizations as select unnest(['a', 'b']) as organization_id;
            create table dim_date as select date '2026-11-01' as date_day;
            create table docs_tables as
                select unnest(['mart_x', 'dim_date', 'dim_organizations']) as table_name;
            create table schema_version as select '1.0' as schema_version;
            create table mart_x (
                organization_id varchar, label varchar, spend decimal(24, 6), days bigint,
                date_day date, seen_at timestamp, is_new boolean, ratio double
            );
            """
        )
        rows = [
            ("a", label, LONG, 2**60, date(2026, 11, 1), datetime(2026, 11, 1, 6), True, -0.5)
            for label in [*ATTACKS, "plain", "", None, 'comma, "quoted"\nand a line']
        ]
        rows.append(("b", "other", Decimal("-1.5"), None, None, None, None, None))
        connection.executemany("insert into mart_x values (?, ?, ?, ?, ?, ?, ?, ?)", rows)
    publish(home, Clock()())
    return home


def test_csv_keeps_every_digit_and_no_formula(shop: Home, tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    assert export_table(shop, "mart_x", file) == 12
    with file.open(newline="", encoding="utf-8") as text:
        names, *rows = list(csv.reader(text))
    assert names[:3] == ["organization_id", "label", "spend"]
    assert [row[1] for row in rows[:7]] == [f"'{attack}" for attack in ATTACKS]
    assert rows[7][1:] == [
        "plain",
        str(LONG),
        str(2**60),
        "2026-11-01",
        "2026-11-01 06:00:00.000000",
        "true",
        "-0.5",
    ]
    assert rows[10][1] == 'comma, "quoted"\nand a line'
    # Numbers below zero are numbers.
    assert rows[11][2] == "-1.500000"


def test_parquet_is_the_table(shop: Home, tmp_path: Path) -> None:
    file = tmp_path / "x.parquet"
    assert export_table(shop, "mart_x", file, organization="a") == 11
    table = pq.read_table(file)
    assert table.column("label").to_pylist()[:7] == ATTACKS
    assert set(table.column("spend").to_pylist()) == {LONG}
    assert set(table.column("organization_id").to_pylist()) == {"a"}


def test_a_workbook_has_numbers_days_and_texts(shop: Home, tmp_path: Path) -> None:
    file = tmp_path / "x.xlsx"
    assert export_table(shop, "mart_x", file) == 12
    sheet = openpyxl.load_workbook(file).active
    names, *rows = list(sheet.iter_rows())
    assert [cell.value for cell in names][:2] == ["organization_id", "label"]
    assert all(cell.data_type != "f" for row in rows for cell in row)
    assert [row[1].value for row in rows[:4]] == [f"'{attack}" for attack in ATTACKS[:4]]
    plain = rows[7]
    assert (plain[1].value, plain[3].value) == ("plain", 2**60)
    assert plain[4].value == datetime(2026, 11, 1)
    assert plain[5].value == datetime(2026, 11, 1, 6)
    assert plain[6].value is True
    assert float(plain[2].value) == pytest.approx(float(LONG))


def test_what_a_workbook_cannot_hold_is_an_error(
    shop: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "x.xlsx"
    file.write_text("what was there before")
    monkeypatch.setattr(exports, "SHEET_ROWS", 12)
    with pytest.raises(ExportError, match="a sheet holds 11 rows"):
        export_table(shop, "mart_x", file)
    monkeypatch.undo()
    monkeypatch.setattr(exports, "CELL_CHARACTERS", 20)
    with pytest.raises(ExportError, match="holds 20 characters"):
        export_table(shop, "mart_x", file)
    assert file.read_text() == "what was there before"
    assert [path.name for path in tmp_path.iterdir()] == ["x.xlsx"]


def test_rows_come_in_batches(shop: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "BATCH_ROWS", 5)
    for ending in (".csv", ".parquet", ".xlsx"):
        seen: list[int] = []
        assert export_table(shop, "mart_x", tmp_path / f"x{ending}", progress=seen.append) == 12
        assert seen[-1] == 12


def test_a_table_that_all_share_is_whole(shop: Home, tmp_path: Path) -> None:
    assert export_table(shop, "dim_date", tmp_path / "x.csv", organization="a") == 1


@pytest.mark.parametrize(
    ("table", "name", "organization", "said"),
    [
        ("mart_y", "x.csv", None, "no table 'mart_y'"),
        ('mart_x" where 1 = 0 --', "x.csv", None, "no table"),
        ("mart_x", "x.txt", None, "must end in one of .csv, .parquet, .xlsx"),
        ("mart_x", "x.csv", "a' or 'b", "no organization"),
    ],
)
def test_a_wrong_call_writes_nothing(
    shop: Home, tmp_path: Path, table: str, name: str, organization: str | None, said: str
) -> None:
    with pytest.raises(ExportError, match=said):
        export_table(shop, table, tmp_path / name, organization=organization)
    assert list(tmp_path.iterdir()) == []
