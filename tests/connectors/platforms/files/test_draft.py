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


def test_what_was_not_found_is_listed(drafted: Any) -> None:
    text, _ = drafted("Day,Cost (EUR),Mood\n2026-11-01,5.00,fine\n")
    assert (
        "# not found in the file: channel, campaign, currency_code, impressions, clicks, "
        "conversions, conversion_value" in text
    )
    assert "channel: {constant: radio}" in text
    assert "# not mapped, kept as _extra: Mood" in text


def test_an_export_without_a_day_says_what_to_do(drafted: Any) -> None:
    text, tree = drafted(
        "Campaign report\n2026-11-01 - 2026-11-30\n"
        "Campaign status,Campaign,Currency code,Cost,Impr.,Clicks\nEnabled,A,EUR,5.00,10,1\n"
    )
    assert tree["columns"]["date"] == ""
    assert "no column with the day; export it again with the day as a breakdown" in text


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


def test_a_row_of_sums_says_nothing_of_what_is_carried(drafted: Any) -> None:
    _, tree = drafted(
        "Order ID;Date;Email;Qty;Price;Total\nA-1;13.02.2026;a@x.example;1;5,00;5,00\n"
        "A-2;14.02.2026;b@x.example;2;5,00;10,00\n;;;;;15,00\n"
    )
    assert tree["skip_rows"] == [{"order_id": {"is_empty": "true"}}]
    assert "carry_down" not in tree


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
