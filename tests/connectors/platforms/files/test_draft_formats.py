"""How a file writes dates, numbers, currencies and times is found, or asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from connectors.platforms.files.draft import filled
from connectors.platforms.files.mapping_parser import parse
from connectors.platforms.files.tree import MappingError
from connectors.platforms.files.trial import try_file


@pytest.mark.parametrize(
    ("header", "cell", "currency"),
    [
        ("Amount spent (EUR)", "5.00", "EUR"),
        ("Cost (in USD)", "5.00", "USD"),
        ("Spend [GBP]", "5.00", "GBP"),
        ("Kosten (€)", "5.00", "EUR"),
        ("Spend, CHF", "5.00", "CHF"),
        ("Cost", "€5.00", "EUR"),
        ("Cost", "5.00 PLN", "PLN"),
        ("Cost", "US$5.00", "USD"),
        ("Cost", "$5.00", ""),
        ("Cost", "5.00", ""),
        ("Cost (UTC)", "5.00", ""),
    ],
)
def test_the_currency_stands_in_the_header_or_the_cells(
    drafted: Any, tmp_path: Path, header: str, cell: str, currency: str
) -> None:
    text, tree = drafted(f'Day,Campaign,"{header}"\n2026-11-01,A,{cell}\n')
    assert tree["currency"] == currency
    if not currency:
        assert "currency: # required" in text
        assert ("can be USD, CAD, AUD" in text) == ("$" in cell)
    else:
        assert try_file(tmp_path / "x.csv", filled(text)[0]).is_fine


@pytest.mark.parametrize(
    ("dates", "form"),
    [
        ("2026-11-01 2026-11-02", None),
        ("13/11/2026 01/11/2026", "day_first"),
        ("11/13/2026 11/01/2026", "month_first"),
        ("01/02/2026 03/04/2026", ""),
        ("11/11/2026 10/10/2026", ""),
        ("13/14/2026 14/13/2026", ""),
        ("13.11.26 14.11.26", "%d.%m.%y"),
        ("1.2.26 2.2.26", ""),
        ("2026/11/01 2026/11/02", "year_first"),
        ("20261101 20261102", None),
        ("01-Nov-2026 02-Nov-2026", "%d-%b-%Y"),
        ("46327 46328.5", "serial"),
    ],
)
def test_how_dates_are_written_is_seen_or_asked_for(
    drafted: Any, tmp_path: Path, dates: str, form: str | None
) -> None:
    rows = "".join(f"{day},A,5.00\n" for day in dates.split())
    text, tree = drafted(f"Day,Campaign,Cost (EUR)\n{rows}")
    assert tree.get("date_format") == form
    if form == "":
        assert "date_format: # required: " in text
        assert "can be read in both ways" in text
        with pytest.raises(MappingError, match="date_format is empty"):
            parse(tree | {"time_zone": "UTC"})
    else:
        assert try_file(tmp_path / "x.csv", filled(text)[0]).is_fine


def test_one_sure_date_says_how_all_are_written(drafted: Any) -> None:
    _, tree = drafted(
        "Order ID,Order Date,Payment Date,Price,Qty\n1,01/02/2026,13/02/2026,5,1\n"
    )  # fmt: skip
    assert tree["date_format"] == "day_first"
    assert tree["columns"]["paid_at"] == "Payment Date"
    # Columns that are written otherwise have their own.
    _, tree = drafted("Order ID,Order Date,Payment Date,Price\n1,2026-11-01,13.11.26,5\n")
    assert "date_format" not in tree
    assert tree["columns"]["paid_at"] == {"column": "Payment Date", "date_format": "%d.%m.%y"}


@pytest.mark.parametrize(
    ("numbers", "sign"),
    [
        ("5,50 1.234,00", ","),
        ("5.50 1,234.00", "."),
        ("1,234 2,345", ""),
        ("1.234 2.345", None),
        ("5 6", None),
        ("5,50 5.50", ""),
    ],
)
def test_the_decimal_sign_is_seen_or_asked_for(
    drafted: Any, numbers: str, sign: str | None
) -> None:
    rows = "".join(f"2026-11-01;A;{number}\n" for number in numbers.split())
    text, tree = drafted(f"Day;Campaign;Cost (EUR)\n{rows}")
    assert tree.get("decimal") == sign
    assert ("decimal: # required" in text) == (sign == "")


def test_a_row_of_a_whole_month_is_no_day(drafted: Any) -> None:
    text, tree = drafted(
        "Reporting starts,Reporting ends,Campaign name,Amount spent (EUR)\n"
        "2026-10-01,2026-10-31,A,500.00\n"
    )
    assert tree["columns"]["date"] == ""
    assert "a row covers 2026-10-01 to 2026-10-31, not a day; export it again by day" in text
    with pytest.raises(MappingError, match="date is missing"):
        filled(text)


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("Day,Campaign,Cost (EUR)\n2026-11-01,Übung,5.00\n".encode("cp1252"), "windows-1252"),
        ("Day,Campaign,Cost (EUR)\n2026-11-01,Übung,5.00\n".encode("utf-16-le"), "utf-16-le"),
        ("Day,Campaign,Cost (EUR)\n2026-11-01,Übung,5.00\n".encode("utf-16"), None),
        ("Day,Campaign,Cost (EUR)\n2026-11-01,Übung,5.00\n".encode("utf-8-sig"), None),
    ],
    ids=["windows-1252", "utf-16 without mark", "utf-16", "utf-8 with mark"],
)
def test_the_encoding_is_stated_where_nothing_says_it(
    drafted: Any, tmp_path: Path, content: bytes, encoding: str | None
) -> None:
    text, tree = drafted(content)
    assert tree.get("encoding") == encoding
    assert try_file(tmp_path / "x.csv", filled(text)[0]).is_fine


def test_the_time_of_day_may_have_a_column_of_its_own(drafted: Any, tmp_path: Path) -> None:
    text, tree = drafted("Order No,Date,Time,Total,Currency\n7,2026-11-01,09:30,5.00,EUR\n")
    assert tree["columns"]["ordered_at"] == {"column": "Date", "time_column": "Time"}
    assert try_file(tmp_path / "x.csv", filled(text)[0]).is_fine


def test_counts_show_what_parts_thousands(drafted: Any, tmp_path: Path) -> None:
    rows = '2026-11-01,A,"1,234","1,204"\n2026-11-02,B,56,10\n'
    text, tree = drafted(f"Day,Campaign,Cost (EUR),Clicks\n{rows}")
    assert tree["decimal"] == "."
    (cost, clicks) = sorted(
        try_file(tmp_path / "x.csv", filled(text)[0]).sums, key=lambda one: one.column, reverse=True
    )
    assert (str(cost.amount), str(clicks.amount)) == ("1290.00", "1214")
    # 1,000 could be one.
    _, tree = drafted('Day,Campaign,Cost (EUR),Clicks\n2026-11-01,A,5,"1,000"\n')
    assert tree["decimal"] == ""


def test_a_dollar_is_tried_as_one_and_said_so(drafted: Any, tmp_path: Path) -> None:
    text, _ = drafted('Day,Campaign,Cost\n2026-11-01,A,"$1,000.00"\n')
    mapping, assumed = filled(text)
    assert "currency USD: the cells have $, which can be another" in assumed
    assert try_file(tmp_path / "x.csv", mapping).is_fine
    wrong = try_file(tmp_path / "x.csv", filled(text.replace("currency:", "currency: EUR"))[0])
    assert [one.lines for one in wrong.rejections] == [
        ["currency: USD   # or AUD, CAD, NZD: whichever $ is"]
    ]


def test_a_minus_before_every_discount_is_the_files_way(drafted: Any, tmp_path: Path) -> None:
    rows = "1,2026-11-01,12.50,-1.00,EUR\n2,2026-11-01,5.00,0.00,EUR\n"
    text, tree = drafted(f"Order ID,Date,Total,Discounts,Currency\n{rows}")
    assert tree["columns"]["order_discount"] == {"column": "Discounts", "negate": "true"}
    assert try_file(tmp_path / "x.csv", filled(text)[0]).is_fine
    # Both signs: what they mean is asked for by the row that is refused.
    _, tree = drafted(f"Order ID,Date,Total,Discounts,Currency\n{rows}3,2026-11-01,5,2.00,EUR\n")
    assert tree["columns"]["order_discount"] == "Discounts"
