"""Values as spreadsheets write them: what is understood, what is set aside, with which words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from file_reads import ORDERS, Read

from connectors.platforms.files.texts import as_text, decimal_digits
from connectors.platforms.files.times import reader

HEADER = "id,at,n,price,what\n"
Reader = Callable[..., Read]


@pytest.mark.parametrize(
    ("text", "decimal", "digits"),
    [
        ("1234.5", "", "1234.5"),
        ("1,234.50", "", "1234.50"),
        ("1,234,567", "", "1234567"),
        ("1,234", ".", "1234"),
        ("1.234,50 €", ",", "1234.50"),
        ("1.234", ",", "1234"),
        ("1\u202f234,5", ",", "1234.5"),
        ("1'234.50", ".", "1234.50"),
        ("£12", "", "12"),
        ("EUR 12,5", ",", "12.5"),
        ("(12.00)", "", "-12.00"),
        ("12.00-", "", "-12.00"),
        ("−3", "", "-3"),
        ("-£3", "", "-3"),
        ("£-3", "", "-3"),
        ("-2E-18", "", "-2E-18"),
        (".5", "", ".5"),
    ],
)
def test_numbers(text: str, decimal: str, digits: str) -> None:
    assert decimal_digits(text, decimal) == digits


@pytest.mark.parametrize(
    ("text", "decimal", "says"),
    [
        ("1,234", "", "could be thousands or decimals"),
        ("1,5", "", "has a decimal comma; state decimal: ','"),
        ("1,5", ".", "has a decimal comma"),
        ("1.5", ",", "has a decimal point, but the mapping states decimal: ','"),
        ("12 pieces", "", "is not a number"),
        ("1.2.3", "", "is not a number"),
        ("NaN", "", "is not a number"),
        ("Infinity", "", "is not a number"),
        ("1_000", "", "is not a number"),
        ("٣", "", "is not a number"),
        ("", "", "is not a number"),
    ],
)
def test_numbers_that_are_none_or_two(text: str, decimal: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        decimal_digits(text, decimal)


@pytest.mark.parametrize(
    ("form", "text", "moment"),
    [
        ("iso", "2026-11-03", datetime(2026, 11, 3)),
        ("iso", "2026-11-03T10:11:12Z", datetime(2026, 11, 3, 10, 11, 12, tzinfo=UTC)),
        ("day_first", "03/11/2026", datetime(2026, 11, 3)),
        ("day_first", "3.11.2026 9:05", datetime(2026, 11, 3, 9, 5)),
        ("day_first", "2026-11-03", datetime(2026, 11, 3)),
        ("month_first", "11/3/2026 9:05:06 PM", datetime(2026, 11, 3, 21, 5, 6)),
        ("month_first", "11/3/2026 12:00 AM", datetime(2026, 11, 3)),
        ("year_first", "2026/11/03", datetime(2026, 11, 3)),
        ("%d.%m.%y", "03.11.26", datetime(2026, 11, 3)),
        ("serial", "46327.5", datetime(2026, 11, 1, 12)),
        ("epoch", "0", datetime(1970, 1, 1, tzinfo=UTC)),
        ("epoch_ms", "1500", datetime(1970, 1, 1, 0, 0, 1, 500000, tzinfo=UTC)),
    ],
)
def test_dates(form: str, text: str, moment: datetime) -> None:
    assert reader(form)(text) == moment


@pytest.mark.parametrize(
    ("form", "text", "says"),
    [
        ("iso", "01/02/2026", "state date_format: day_first or month_first"),
        ("iso", "46327", "serial day, state date_format: serial"),
        ("iso", "soon", "not an ISO 8601 date"),
        ("day_first", "31/02/2026", "read as day_first is impossible"),
        ("month_first", "31/01/2026", "read as month_first is impossible"),
        ("day_first", "01/02/26", "a year of 2 digits"),
        ("month_first", "1/2/2026 13:00 PM", "no hour 13"),
        ("serial", "0", "no serial day"),
        ("serial", "1e300", "no serial day"),
        ("epoch", "1e300", "no time since 1970"),
    ],
)
def test_dates_that_are_none_or_two(form: str, text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        reader(form)(text)


def test_texts() -> None:
    assert as_text(17850.0) == "17850"
    assert as_text(float("nan")) is None
    assert as_text(" 007\u00a0") == "007"
    assert as_text(2**70) == str(2**70)
    assert as_text([1, {"a": None}]) == '[1,{"a":null}]'


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("1.2E+11,2026-11-01,1,1,x", "1.2E+11 is in scientific notation"),
        ("#REF!,2026-11-01,1,1,x", "#REF! is the error of a formula"),
        ("1,2026-11-01,1,#N/A,x", "#N/A is the error of a formula"),
        ("1,2027-01-01,1,1,x", "lies in the future"),
        ("1,1066-10-14,1,1,x", "lies before 1900"),
        ("1,2026-02-30,1,1,x", "not an ISO 8601 date"),
        ("1,2026-11-01,many,1,x", "'many' is not a number"),
        ("1,2026-11-01,1,-5,x", "unit_price is negative"),
        ("1,2026-11-01,1e30,1,x", "decimal128"),
        (",2026-11-01,1,1,x", "order_id (column 'id') is missing"),
        ("1,,1,1,x", "ordered_at (column 'at') is missing"),
        ("Total,,3,9,", "looks like a row of sums"),
        ("Grand total:,2026-11-01,3,9,", 'skip_rows: [{order_id: "Grand total:"}]'),
    ],
)
def test_a_bad_row_is_set_aside_with_its_reason_number_and_cells(
    read: Reader, line: str, says: str
) -> None:
    found = read(HEADER + "0,2026-11-01,1,1,ok\n" + line + "\n9,2026-11-01,1,1,ok\n")
    assert [row["order_id"] for row in found.rows] == ["0", "9"]
    (bad,) = found.rejected
    assert says in bad["reason"]
    assert bad["reason"].startswith("row 3: ")
    assert bad["object"] == "x.csv"
    assert list(bad["record"].values()) == line.split(",")


def test_rows_of_sums_are_passed_over_by_rule(read: Reader) -> None:
    mapping = ORDERS + "skip_rows: [{order_id: {matches: '^(Sub)?total'}}]\n"
    found = read(HEADER + "1,2026-11-01,1,1,x\nSubtotal,,1,1,\ntotal,,1,1,\n", mapping)
    assert len(found.rows) == 1
    assert found.rejected == []
    assert found.schema["skipped_rows"] == 2


def test_a_pattern_takes_time_by_the_length_of_its_text_alone(read: Reader) -> None:
    text = "a" * 5_000
    mapping = ORDERS + "skip_rows: [{what: {matches: '^(a+)+$'}}]\n"
    found = read(HEADER + f"1,2026-11-01,1,1,{text}!\n2,2026-11-01,1,1,{text}\n", mapping)
    assert [row["order_id"] for row in found.rows] == ["1"]


@pytest.mark.parametrize("cell", ["1{}x", "a{}@", "({}"])
def test_a_long_cell_takes_time_by_its_length_alone(read: Reader, cell: str) -> None:
    """Searched from each of its characters it would take hours."""
    text = cell.format({"1": " ", "a": "a", "(": "("}[cell[0]] * 2_000_000)
    found = read(HEADER + f"1,2026-11-01,1,{text},{text}\n2,2026-11-01,1,1,x\n")
    assert [row["order_id"] for row in found.rows] == ["2"]


def test_documents_by_rule(read: Reader) -> None:
    mapping = ORDERS + (
        "document_type:\n"
        "  return: [{order_id: {starts_with: C}}, {n: {less_than: 0}}]\n"
        "  adjustment: {order_id: {starts_with: A}, what: bad debt}\n"
    )
    lines = ["C1,2026-11-01,-1,1,x", "2,2026-11-01,-2,1,x", "A3,2026-11-01,1,-9,bad debt",
             "A4,2026-11-01,1,1,x"]  # fmt: skip
    found = read(HEADER + "\n".join(lines) + "\n", mapping)
    assert [row["document_type"] for row in found.rows] == [
        "return",
        "return",
        "adjustment",
        "sale",
    ]


def test_lines_are_numbered_by_occurrence_and_exact_repetitions_stay(read: Reader) -> None:
    line = "1,2026-11-01,1,1,x\n"
    found = read(HEADER + line + line + "2,2026-11-01,1,1,x\n" + line)
    assert [(row["order_id"], row["line_no"]) for row in found.rows] == [
        ("1", "1"), ("1", "2"), ("2", "1"), ("1", "3"),
    ]  # fmt: skip


def test_a_repeated_key_of_a_list_is_set_aside(read: Reader) -> None:
    mapping = ("{target: customers, kind: snapshot, time_zone: UTC,"
               " columns: {customer_id: id, country: c}}")  # fmt: skip
    found = read("id,c\n1,DE\n1,FR\n", mapping)
    assert [row["country"] for row in found.rows] == ["DE"]
    assert "the key '1' stands in the file already" in found.reasons[0]
    assert len(read("id,c\n1,DE\n1,FR\n", mapping.replace("snapshot", "changes")).rows) == 2


def test_personal_values_never_get_through(read: Reader) -> None:
    mapping = (
        "{target: customers, kind: snapshot, time_zone: UTC, ignore: [name],"
        " columns: {customer_id: id, email: mail, phone: tel, created_at: at}}"
    )
    content = "id,name,mail,tel,at,note\nA@b.de,Ann,a@b.de,+49 30 1,2026-11-01,call ann@x.de\n2,,b@b.de,0301,never,z@z.de\n"  # noqa: E501
    found = read(content, mapping)
    told = repr(found.rows) + repr(found.rejected)
    for secret in ("a@b.de", "A@b.de", "ann@x.de", "b@b.de", "z@z.de", "+49", "0301", "Ann"):
        assert secret not in told, secret
    assert found.rows[0]["customer_id"] == found.rows[0]["email"], "one token for one address"
    assert found.unknown == {"note"}


def test_a_table_of_its_own(read: Reader) -> None:
    mapping = """
        {target: records, kind: changes, table: leads, time_zone: UTC, key: [day, who],
         columns: {day: {column: d, type: date}, who: {column: mail, personal: email},
                   score: {column: s, type: number, decimal: ','}, hot: {column: h, type: boolean},
                   updated_at: {column: u, type: time}, origin: {constant: fair}}}"""
    found = read("d;mail;s;h;u\n2026-11-01;a@b.de;1,50;yes;2026-11-01T10:00:00Z\n;x@y.de;1;no;\n",
                 mapping)  # fmt: skip
    (row,) = found.rows
    assert row["table_name"] == "leads"
    assert row["row_key"].startswith("2026-11-01|")
    assert '"score":"1.50"' in row["data"]
    assert '"hot":true' in row["data"]
    assert '"origin":"fair"' in row["data"]
    assert "@" not in row["data"]
    assert row["updated_at"] == datetime(2026, 11, 1, 10, tzinfo=UTC)
    assert "day (column 'd') is missing, and it is part of the key" in found.reasons[0]


def test_the_hour_that_the_clock_change_repeats_is_the_first(read: Reader) -> None:
    found = read(HEADER + "1,2026-10-25 02:30:00,1,1,x\n")
    assert [row["ordered_at"] for row in found.rows] == [datetime(2026, 10, 25, 0, 30, tzinfo=UTC)]


def test_the_hour_that_the_clock_change_skips_is_set_aside(read: Reader) -> None:
    found = read(
        HEADER
        + "1,2026-03-29 01:59:59,1,1,x\n2,2026-03-29 02:00,1,1,x\n3,2026-03-29 02:30:00,1,1,x\n"
        + "4,2026-03-29 03:00:00,1,1,x\n5,2026-03-29 02:30:00+01:00,1,1,x\n"
    )
    assert [(row["order_id"], row["ordered_at"]) for row in found.rows] == [
        ("1", datetime(2026, 3, 29, 0, 59, 59, tzinfo=UTC)),
        ("4", datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
        ("5", datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
    ]
    assert [one["row"] for one in found.rejected] == [3, 4]
    assert "2026-03-29 02:30:00 does not exist in Europe/Berlin" in found.reasons[1]


def test_a_day_whose_midnight_is_skipped_begins_after_it(read: Reader) -> None:
    santiago = ORDERS.replace("Europe/Berlin", "America/Santiago")
    found = read(HEADER + "1,2026-09-06,1,1,x\n2,2026-09-06 00:30,1,1,x\n", santiago)
    assert [row["ordered_at"] for row in found.rows] == [datetime(2026, 9, 6, 4, 0, tzinfo=UTC)]
    assert "does not exist in America/Santiago" in found.reasons[0]
    costs = """
target: costs
kind: report
time_zone: America/Santiago
currency: CLP
columns: {date: at, cost: n}
"""
    found = read("at,n\n2026-09-06,1\n2026-09-06 00:30,2\n", costs)
    assert [row["date"] for row in found.rows] == [date(2026, 9, 6)] * 2


def test_money_keeps_its_digits(read: Reader) -> None:
    found = read(HEADER + "1,2026-11-01,1,0.1234565,x\n2,2026-11-01,1,999999999999.99,x\n")
    assert [row["unit_price"] for row in found.rows] == [
        Decimal("0.123456"), Decimal("999999999999.99"),
    ]  # fmt: skip
