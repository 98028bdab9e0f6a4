"""A draft finds what the file says, and asks for what it does not say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml

from connectors.core.errors import ShapeChanged
from connectors.platforms.files.draft import draft, filled
from connectors.platforms.files.mapping_parser import parse
from connectors.platforms.files.presets import presets
from connectors.platforms.files.tree import MappingError
from connectors.platforms.files.trial import try_file


@pytest.fixture
def drafted(tmp_path: Path) -> Any:
    """Drafts content: `drafted(content, name, **options)` returns the text and its tree."""

    def one(
        content: str | bytes, name: str = "x.csv", **options: Any
    ) -> tuple[str, dict[str, Any]]:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        text = draft(path, **options)
        return text, yaml.load(text, yaml.BaseLoader)

    return one


@pytest.mark.parametrize(
    ("titles", "row"),
    [
        ("", 1),
        ("Campaign report\n", 2),
        ("Account,Acme Ltd\nPeriod,2026-11-01 to 2026-11-02\n\n", 4),
        ("Report,,,\nFrom: 2026-11-01,,,\n", 3),
        ("# made by a tool\n", 2),
        ('"a title, with a comma"\n' * 6, 7),
    ],
)
def test_the_header_stands_below_titles(drafted: Any, titles: str, row: int) -> None:
    content = titles + "Day,Campaign,Cost,Clicks\n2026-11-01,A,5.00,1\n2026-11-02,B,6.50,2\n"
    _, tree = drafted(content)
    assert tree.get("header_row", "1") == str(row)
    assert tree["columns"]["cost"] == "Cost"


def test_a_stated_header_row_counts(drafted: Any) -> None:
    content = "a,b,c\nd,e,f\nday,campaign,cost\n2026-11-01,A,5.00\n"
    _, tree = drafted(content, header_row=3)
    assert (tree["header_row"], tree["columns"]["date"]) == ("3", "day")


def test_a_workbook_with_titles_and_a_total(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["Media plan"], [], ["Day", "Channel", "Cost [EUR]"], ["2026-11-13", "radio", 50.5],
                ["2026-11-14", "tv", 100], ["Total", None, 150.5]):  # fmt: skip
        sheet.append(row)
    path = tmp_path / "plan.xlsx"
    book.save(path)
    text = draft(path)
    tree = yaml.load(text, yaml.BaseLoader)
    assert (tree["header_row"], tree["currency"]) == ("3", "EUR")
    assert tree["skip_rows"] == [{"date": "Total"}]
    found = try_file(path, filled(text)[0])
    assert (found.is_fine, found.rows, found.totals_agree) == (True, 2, True)
    assert [(one.column, one.agrees) for one in found.totals] == [("cost", True)]


@pytest.mark.parametrize(
    ("rows", "rule"),
    [
        ("Total,,11.50,3\n", {"date": "Total"}),
        (",Totals,11.50,3\n", {"campaign": "Totals"}),
        ("Total: Account,--,11.50,3\nTotal: Campaigns,--,11.50,3\n",
         {"date": {"starts_with": "Total:"}}),
        ("Results from 2 campaigns,,11.50,3\n", {"date": {"starts_with": "Results from"}}),
        ("2026-11-02,,11.50,3\n", {"campaign": {"is_empty": "true"}}),
        ("Grand total:,,11.50,3\n", {"date": "Grand total:"}),
        ("Total of 2 results,-,11.50,3\n", {"date": {"starts_with": "Total of"}}),
    ],
)  # fmt: skip
def test_rows_of_sums_are_left_out(
    drafted: Any, tmp_path: Path, rows: str, rule: dict[str, Any]
) -> None:
    text, tree = drafted(
        "Day,Campaign,Cost,Clicks\n2026-11-01,A,5.00,1\n2026-11-02,B,6.50,2\n" + rows
    )
    assert tree["skip_rows"] == [rule]
    found = try_file(tmp_path / "x.csv", filled(text)[0])
    assert (found.is_fine, found.rows) == (True, 2)
    assert found.totals
    assert all(one.agrees for one in found.totals)


def test_a_campaign_may_be_called_total(drafted: Any) -> None:
    _, tree = drafted(
        "Day,Campaign,Cost\n2026-11-01,Total Body Workout,5.00\n2026-11-02,,6.50\n2026-11-02,B,1\n"
    )
    assert "skip_rows" not in tree


def test_lines_below_the_table_are_left_out(drafted: Any, tmp_path: Path) -> None:
    text, tree = drafted(
        "Day,Campaign,Cost\n2026-11-01,A,5.00\n2026-11-02,B,6.50\n\n© 2026 Somebody\n"
    )
    assert tree["skip_rows"] == [{"date": {"starts_with": "©"}}]
    assert tree["pad_short_rows"] == "true"
    assert try_file(tmp_path / "x.csv", filled(text)[0]).is_fine


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


def test_what_was_not_found_is_listed(drafted: Any) -> None:
    text, _ = drafted("Day,Cost (EUR),Mood\n2026-11-01,5.00,fine\n")
    assert (
        "# not found in the file: channel, campaign, currency_code, impressions, clicks, "
        "conversions, conversion_value" in text
    )
    assert "channel: {constant: radio}" in text
    assert "# not mapped, kept as _extra: Mood" in text


def test_a_row_of_a_whole_month_is_no_day(drafted: Any) -> None:
    text, tree = drafted(
        "Reporting starts,Reporting ends,Campaign name,Amount spent (EUR)\n"
        "2026-10-01,2026-10-31,A,500.00\n"
    )
    assert tree["columns"]["date"] == ""
    assert "a row covers 2026-10-01 to 2026-10-31, not a day; export it again by day" in text
    with pytest.raises(MappingError, match="date is missing"):
        filled(text)


def test_an_export_without_a_day_says_what_to_do(drafted: Any) -> None:
    text, tree = drafted(
        "Campaign report\n2026-11-01 - 2026-11-30\n"
        "Campaign status,Campaign,Currency code,Cost,Impr.,Clicks\nEnabled,A,EUR,5.00,10,1\n"
    )
    assert tree["columns"]["date"] == ""
    assert "no column with the day; export it again with the day as a breakdown" in text


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


def test_presets_are_named(drafted: Any) -> None:
    content = "Day,Campaign,Cost (EUR)\n2026-11-01,A,5.00\n"
    with pytest.raises(MappingError, match=r"no preset 'gogle_ads' \(did you mean 'google_ads'"):
        drafted(content, preset_name="gogle_ads")
    with pytest.raises(MappingError, match=r"not of the preset stripe.*no column 'id'"):
        drafted(content, preset_name="stripe")
    with pytest.raises(ShapeChanged, match="there is no file"):
        draft(Path("/nonexistent/x.csv"))
    for one in presets().values():
        assert one.title
        assert one.notes


def test_a_stated_target_is_kept(drafted: Any) -> None:
    _, tree = drafted("Day,Campaign,Cost (EUR)\n2026-11-01,A,5.00\n", target="records")
    assert tree["target"] == "records"
    assert tree["columns"]["cost_eur"] == {"column": "Cost (EUR)", "type": "number"}


@pytest.mark.parametrize(
    ("name", "content", "preset", "cost", "rows"),
    [
        # Google Ads in a German account's number format, by semicolons, other columns first.
        ("google.csv", "Kampagnenbericht\n1. November 2026 - 2. November 2026\n"
         "Day;Cost;Currency code;Campaign;Avg. CPC;Impr.\n2026-11-01;1.204,50;EUR;A;0,50;1.000\n"
         "2026-11-02;8,25;EUR;B;0,10;20\nTotal: Account; --;EUR; --;0,45;1.020\n",
         "google_ads", "1212.75", 2),
        # A whole account of Meta by ad set, in dollars, the summary at the end.
        ("meta.csv", "Ad set name,Day,Amount spent (USD),Impressions,Reporting starts,Reporting "
         "ends\nX,2026-11-01,5.5,10,2026-11-01,2026-11-01\nY,2026-11-01,4.5,10,2026-11-01,"
         "2026-11-01\n,2026-11-01,10,20,2026-11-01,2026-11-01\n", "meta_ads", "10.00", 2),
        # TikTok with "Total cost" in the header's currency.
        ("tiktok.csv", "Date,Campaign name,Cost (GBP),Impressions,CPC (destination)\n"
         "2026-11-01,A,7.10,100,0.1\n", "tiktok_ads", "7.10", 1),
        # A German account of Google, and a French one of Meta, whose summary is rounded.
        ("google_de.csv", "Kampagnenbericht\nKampagne;Tag;Kosten;Währungscode;Impr.;Klicks\nA;"
         "2026-11-01;1.204,50;EUR;10;1\nGesamt: Konto;--;1.204,50;EUR;10;1\n", "", "1204.50", 1),
        ("meta_fr.csv", "Nom de la campagne;Jour;Montant dépensé (EUR);Impressions\n;;10,00;20\n"
         "A;2026-11-01;3,33;10\nB;2026-11-01;6,66;10\n", "", "9.99", 2),
        # Signs beside the amounts, and a column of the currency.
        ("signs.csv", "Day,Campaign,Cost,Currency\n2026-11-01,A,$5.00,USD\n", "", "5.00", 1),
        # LinkedIn in German: what a campaign and an account are called is no person's name.
        ("linkedin_de.csv", "Performancebericht (in UTC)\n\nStartdatum (in UTC);Kontoname;"
         "Währung;Kampagnenname;Ausgaben insgesamt\n13.11.2026;Acme;EUR;ABM;1.234,50\n",
         "", "1234.50", 1),
        # An export of no known layout.
        ("agency.csv", "Agency report;;\n\nTag;Kampagne;Ausgegebener Betrag (EUR)\n"
         "13.11.2026;A;1.000,50\n14.11.2026;B;0,50\nGesamt;;1.001,00\n", "", "1001.00", 2),
    ],
)  # fmt: skip
def test_a_strangers_file_of_the_same_kind(
    drafted: Any, tmp_path: Path, name: str, content: str, preset: str, cost: str, rows: int
) -> None:
    text, _ = drafted(content, name)
    assert (f"preset {preset}:" in text) == bool(preset)
    found = try_file(tmp_path / name, filled(text)[0])
    assert (found.is_fine, found.rows) == (True, rows)
    assert [str(one.amount) for one in found.sums if one.column == "cost"] == [cost]


def test_an_account_of_paypal_in_german(drafted: Any, tmp_path: Path) -> None:
    header = (
        "Datum,Uhrzeit,Zeitzone,Name,Typ,Status,Währung,Brutto,Netto,Absender E-Mail-Adresse,"
        "Transaktionscode"
    )
    rows = [
        ("01.11.2026", "PayPal Express-Zahlung", "Abgeschlossen", "EUR", "1.234,56"),
        ("02.11.2026", "Website-Zahlung", "Abgeschlossen", "USD", "20,00"),
        ("03.11.2026", "Rückzahlung", "Abgeschlossen", "EUR", "-234,56"),
        ("04.11.2026", "Website-Zahlung", "Ausstehend", "EUR", "8,00"),
        ("05.11.2026", "Allgemeine Abbuchung", "Abgeschlossen", "EUR", "-500,00"),
        ("06.11.2026", "Allgemeine Währungsumrechnung", "Abgeschlossen", "USD", "-19,00"),
        ("07.11.2026", "Zahlung im Einzugsverfahren", "Abgeschlossen", "EUR", "-9,00"),
    ]
    lines = [
        f'{day},10:15:00,Europe/Berlin,Ann,{kind},{state},{money},"{sum_}","{sum_}",a@x.example,{n}'
        for n, (day, kind, state, money, sum_) in enumerate(rows)
    ]
    text, tree = drafted(
        "\ufeff" + "\n".join([header, *lines, 'Summe,,,,,,EUR,"506,00",,,']) + "\n"
    )
    assert "preset paypal:" in text
    assert (tree["time_zone"], tree["date_format"], tree["decimal"]) == (
        *("Europe/Berlin", "day_first"),
        ",",
    )
    found = try_file(tmp_path / "x.csv", parse(tree))
    assert (found.is_fine, found.rows, found.skipped) == (True, 3, 5)
    sums = {one.currency: str(one.amount) for one in found.sums if one.column == "order_total"}
    assert sums == {"EUR": "1000.00", "USD": "20.00"}


def test_orders_without_an_amount_are_said_to_be_worth_nothing(drafted: Any) -> None:
    text, tree = drafted("Order ID,Sale date,Amount (EUR)\nO-1,2026-11-01,5.00\n")
    assert (tree["columns"]["order_total"], tree["currency"]) == ("Amount (EUR)", "EUR")
    assert "no amount" not in text
    text, tree = drafted("Order ID,Sale date,Weight\nO-1,2026-11-01,5.00\n")
    assert tree["target"] == "orders"
    assert "no amount: without total, order_total or unit_price" in text


def test_an_id_alone_is_no_list_of_customers(drafted: Any) -> None:
    text, tree = drafted("id,Type,Net,Created\ntxn_1,charge,5.00,2026-11-01\n")
    assert tree["target"] == "records"
    assert 'net: {column: "Net", type: "number"}' in text


def test_the_time_of_day_may_have_a_column_of_its_own(drafted: Any, tmp_path: Path) -> None:
    text, tree = drafted("Order No,Date,Time,Total,Currency\n7,2026-11-01,09:30,5.00,EUR\n")
    assert tree["columns"]["ordered_at"] == {"column": "Date", "time_column": "Time"}
    assert try_file(tmp_path / "x.csv", filled(text)[0]).is_fine


def test_a_sum_that_is_not_only_rounded_differs(drafted: Any, tmp_path: Path) -> None:
    text, _ = drafted(
        "Day,Campaign,Cost (EUR)\n2026-11-01,A,5.00\n2026-11-01,B,5.00\nTotal,,10.01\n"
    )
    assert try_file(tmp_path / "x.csv", filled(text)[0]).totals_agree
    text, _ = drafted(
        "Day,Campaign,Cost (EUR)\n2026-11-01,A,5.00\n2026-11-01,B,5.00\nTotal,,10.02\n"
    )
    found = try_file(tmp_path / "x.csv", filled(text)[0])
    assert (found.totals_agree, found.is_fine) == (False, False)


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


def test_a_row_of_sums_says_nothing_of_what_is_carried(drafted: Any) -> None:
    _, tree = drafted(
        "Order ID;Date;Email;Qty;Price;Total\nA-1;13.02.2026;a@x.example;1;5,00;5,00\n"
        "A-2;14.02.2026;b@x.example;2;5,00;10,00\n;;;;;15,00\n"
    )
    assert tree["skip_rows"] == [{"order_id": {"is_empty": "true"}}]
    assert "carry_down" not in tree


def test_a_dollar_is_tried_as_one_and_said_so(drafted: Any, tmp_path: Path) -> None:
    text, _ = drafted('Day,Campaign,Cost\n2026-11-01,A,"$1,000.00"\n')
    mapping, assumed = filled(text)
    assert "currency USD: the cells have $, which can be another" in assumed
    assert try_file(tmp_path / "x.csv", mapping).is_fine
    wrong = try_file(tmp_path / "x.csv", filled(text.replace("currency:", "currency: EUR"))[0])
    assert [one.lines for one in wrong.rejections] == [
        ["currency: USD   # or AUD, CAD, NZD: whichever $ is"]
    ]


def test_a_sheet_of_a_workbook_is_chosen(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["nothing", "here"])
    sheet = book.create_sheet("Costs 2026")
    for row in (["Day", "Campaign", "Cost (EUR)"], ["2026-11-13", "A", 5.5]):
        sheet.append(row)
    path = tmp_path / "plan.xlsx"
    book.save(path)
    with pytest.raises(ShapeChanged, match="2 visible sheets") as caught:
        draft(path)
    assert "--sheet of a draft" in caught.value.remedy
    text = draft(path, sheet="Costs 2026")
    assert 'sheet: "Costs 2026"' in text
    assert try_file(path, filled(text)[0]).rows == 1


def test_a_minus_before_every_discount_is_the_files_way(drafted: Any, tmp_path: Path) -> None:
    rows = "1,2026-11-01,12.50,-1.00,EUR\n2,2026-11-01,5.00,0.00,EUR\n"
    text, tree = drafted(f"Order ID,Date,Total,Discounts,Currency\n{rows}")
    assert tree["columns"]["order_discount"] == {"column": "Discounts", "negate": "true"}
    assert try_file(tmp_path / "x.csv", filled(text)[0]).is_fine
    # Both signs: what they mean is asked for by the row that is refused.
    _, tree = drafted(f"Order ID,Date,Total,Discounts,Currency\n{rows}3,2026-11-01,5,2.00,EUR\n")
    assert tree["columns"]["order_discount"] == "Discounts"


def test_a_table_of_ones_own_has_names_ids_and_its_key(drafted: Any) -> None:
    _, tree = drafted(
        "Vorgang;Bestellnummer;Menge;Umsätze (€);Coût;Postleitzahl\n"
        "a7;1001;2;5,50;1,10;50667\nb8;1001;1;2,50;0,10;10115\n"
    )
    assert (tree["target"], tree["key"]) == ("records", ["vorgang"])
    assert tree["columns"] == {
        "vorgang": "Vorgang",
        "bestellnummer": "Bestellnummer",
        "menge": {"column": "Menge", "type": "integer"},
        "umsaetze": {"column": "Umsätze (€)", "type": "number"},
        "cout": {"column": "Coût", "type": "number"},
    }
    assert tree["ignore"] == ["Postleitzahl"]
    # Digits that come twice identify no row.
    _, tree = drafted("Vorgang;Menge;Ort;Betrag\na7;1;Bonn;1,10\na7;2;Bonn;3,20\n")
    assert tree["key"] == []


def test_a_table_of_ones_own_publishes_nobody(drafted: Any) -> None:
    _, tree = drafted("Lead,First name,Phone,E-mail,Emails sent\n7,Ann,030 1234567,a@x.example,5\n")
    assert tree["target"] == "records"
    assert tree["columns"]["e_mail"] == {"column": "E-mail", "personal": "email"}
    assert tree["columns"]["phone"] == {"column": "Phone", "personal": "phone"}
    assert tree["columns"]["emails_sent"] == {"column": "Emails sent", "type": "integer"}
    assert tree["ignore"] == ["First name"]
