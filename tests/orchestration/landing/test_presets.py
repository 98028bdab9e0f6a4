"""Exports of platforms in their real layout: drafted, tried, dropped, run, with the right totals.

The files are made for the test; their headers, titles, sums and spellings are those of the exports.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from landing_home import LandingHome
from typer.testing import CliRunner

from connectors.platforms.files.draft import draft
from connectors.platforms.files.presets import presets
from orchestration.commands.files import app

EXPORTS = Path(__file__).with_name("exports")


@dataclass(frozen=True)
class Export:
    """A file and what must come of it.

    Attributes:
        name: of the file; its stem is the preset.
        rows, skipped: what a run loads, and leaves out by rule.
        sums: by column and currency, added up by hand.
        answers: to what the file does not say.
        first, last: dates of the rows.
        total: whether the file has a row of sums with which ours must agree.
    """

    name: str
    rows: int
    sums: dict[str, str]
    first: str = ""
    last: str = ""
    skipped: int = 0
    answers: dict[str, str] = field(default_factory=dict)
    total: bool = False


CET = {"time_zone": "Europe/Berlin"}
ALL = [
    Export("google_ads.csv", 4, {"cost EUR": "1344.50", "clicks": "383", "impressions": "14267",
           "conversions": "15.5", "conversion_value EUR": "2720.20"}, "2026-11-01", "2026-11-03",
           2, CET, total=True),
    Export("meta_ads.csv", 3, {"cost EUR": "310.55", "clicks": "402", "impressions": "15400",
           "conversions": "9", "conversion_value EUR": "845.50"}, "2026-11-01", "2026-11-02",
           1, CET, total=True),
    Export("linkedin_ads.csv", 3, {"cost EUR": "1466.80", "clicks": "285", "impressions": "51547",
           "conversions": "9", "conversion_value EUR": "0.00"}, "2026-11-13", "2026-11-14"),
    Export("tiktok_ads.csv", 3, {"cost USD": "235.00", "clicks": "400", "impressions": "39000",
           "conversions": "10"}, "2026-11-01", "2026-11-02", 1, CET, total=True),
    Export("microsoft_ads.csv", 3, {"cost EUR": "86.00", "clicks": "107", "impressions": "2320",
           "conversions": "5", "conversion_value EUR": "350.50"}, "2026-11-01", "2026-11-15", 1,
           CET),
    Export("pinterest_ads.csv", 2, {"cost USD": "61.50", "clicks": "83", "impressions": "17400",
           "conversions": "1", "conversion_value USD": "59.90"}, "2026-11-01", "2026-11-02", 0,
           {**CET, "currency": "USD"}),
    Export("amazon_ads.csv", 3, {"cost EUR": "1072.95", "clicks": "176", "impressions": "12684",
           "conversions": "63", "conversion_value EUR": "3250.00"}, "2026-11-01", "2026-11-02", 0,
           CET),
    Export("shopify_orders.csv", 3, {"quantity": "4", "quantity * unit_price EUR": "70.00",
           "discount EUR": "0.00", "order_total EUR": "69.90", "order_tax EUR": "11.16",
           "order_shipping EUR": "4.90", "order_discount EUR": "5.00",
           "refunded_amount EUR": "20.00"}, "2026-11-01", "2026-11-02", 0, CET),
    Export("shopify_customers.csv", 2, {}, answers=CET),
    Export("woocommerce_orders.csv", 3, {"quantity": "4", "quantity * unit_price EUR": "40.00",
           "order_total EUR": "51.17", "order_tax EUR": "8.17", "order_shipping EUR": "5.00",
           "order_discount EUR": "2.00"}, "2026-11-01", "2026-11-02", 0,
           {**CET, "currency": "EUR"}),
    Export("stripe.csv", 2, {"order_total EUR": "1200.00", "order_total USD": "49.00",
           "refunded_amount EUR": "0.00", "refunded_amount USD": "49.00"},
           "2026-11-01", "2026-11-02", 1),
    Export("paypal.csv", 2, {"order_total EUR": "1000.00", "order_shipping EUR": "4.90",
           "order_tax EUR": "7.97"}, "2026-11-13", "2026-11-14", 3),
    Export("amazon_orders.txt", 2, {"quantity": "3", "total EUR": "55.00"},
           "2026-11-01", "2026-11-01", 1, CET),
    Export("amazon_settlement.txt", 5, {"amount": "22.41", "quantity": "2"},
           "2026-11-02", "2026-11-13", 1, total=True),
    Export("etsy.csv", 3, {"quantity": "4", "quantity * unit_price USD": "66.50",
           "discount USD": "0.95", "order_shipping USD": "10.50", "order_tax USD": "2.10"},
           "2026-11-03", "2026-11-14", 0, CET),
    Export("square.csv", 4, {"quantity": "52", "total USD": "1187.50"}, "2026-11-01", "2026-11-02",
           0, {"time_zone": "America/New_York", "currency": "USD"}),
    Export("mailchimp_campaigns.csv", 2, {"recipients": "12800", "delivered": "12748",
           "opens": "4610", "clicks": "629", "unsubscribes": "23", "orders": "17",
           "revenue": "1190"}, "2026-11-03", "2026-11-09", 0, CET),
    Export("klaviyo_campaigns.csv", 2, {"recipients": "7000", "delivered": "6988", "opens": "3400",
           "clicks": "570", "unsubscribes": "17", "orders": "79", "revenue": "5200.5"},
           "2026-11-20", "2026-11-22", 0, CET),
    Export("crm_customers.csv", 2, {}, answers=CET),
    Export("crm_employees.csv", 2, {}, answers=CET),
    Export("crm_products.csv", 2, {}, answers=CET),
    Export("crm_orders.csv", 3, {"quantity": "4", "quantity * unit_price EUR": "236.00",
           "discount EUR": "8.00", "tax EUR": "43.32", "total EUR": "271.32",
           "refunded_amount EUR": "20.00"}, "2026-11-01", "2026-11-02", 0, CET),
]  # fmt: skip
each_export = pytest.mark.parametrize("export", ALL, ids=lambda each: each.name)


@pytest.fixture
def house(house: LandingHome, monkeypatch: pytest.MonkeyPatch) -> LandingHome:
    monkeypatch.setenv("TRIBUTARY_NOW", "2026-11-29T12:00:00Z")
    return house


def content(name: str) -> bytes:
    """The bytes of an export; LinkedIn writes UTF-16."""
    found = (EXPORTS / name).read_bytes()
    return found.decode().encode("utf-16") if name == "linkedin_ads.csv" else found


def invoke(*arguments: str) -> str:
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0, done.output
    return done.stdout


def answered(text: str, answers: dict[str, str]) -> dict[str, Any]:
    """The mapping with its questions answered: every answer is one that the draft asked for."""
    tree: dict[str, Any] = yaml.load(text, yaml.BaseLoader)
    assert {key for key, value in tree.items() if value == ""} == set(answers)
    return tree | answers


def test_every_preset_has_an_export() -> None:
    assert {Path(one.name).stem for one in ALL} == set(presets())
    assert len(presets()) >= 10


@each_export
def test_an_export_is_drafted_tried_dropped_and_run(
    house: LandingHome, tmp_path: Path, export: Export
) -> None:
    path = tmp_path / export.name
    path.write_bytes(content(export.name))
    # Without a preset the layout is recognised, and is the same as with it.
    text = invoke("draft", str(path))
    assert f"the preset {path.stem}:" in text
    assert text == invoke("draft", str(path), "--preset", path.stem)
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text(yaml.safe_dump(answered(text, export.answers)))
    trial = json.loads(invoke("try", str(path), "--mapping", str(mapping), "--json"))
    assert trial["is_fine"]
    assert (trial["rows"], trial["rejected"], trial["skipped"]) == (export.rows, 0, export.skipped)
    sums = {f"{s['column']} {s['currency']}".strip(): s["amount"] for s in trial["sums"]}
    assert sums == export.sums
    assert trial["unread_cells"] == {}
    if export.first:
        assert (trial["first_date"], trial["last_date"]) == (export.first, export.last)
    assert bool(trial["totals"]) == export.total
    # The run commits what the trial said.
    house.add(path.stem, mapping.read_text())
    house.drop(path.stem, export.name, path.read_bytes())
    (row,) = house.pull(trial["target"]).rows
    assert (row.status, row.rows, row.rejected_rows) == ("succeeded", export.rows, 0)
    committed = house.rows(trial["target"])
    for name, amount in sums.items():
        column, _, currency = name.partition(" ")
        if not column.startswith("order_") and "*" not in name:
            rows = [r for r in committed if not currency or r["currency_code"] == currency]
            values = [_value(row, column, trial["target"]) for row in rows]
            assert sum(values) == Decimal(amount), name


def _value(row: dict[str, Any], column: str, target: str) -> Decimal:
    found = json.loads(row["data"]).get(column) if target == "records" else row[column]
    return Decimal(0) if found is None else Decimal(str(found))


@each_export
def test_a_draft_has_no_person_in_extra(house: LandingHome, tmp_path: Path, export: Export) -> None:
    path = tmp_path / export.name
    path.write_bytes(content(export.name))
    mapping = yaml.safe_dump(answered(draft(path), export.answers))
    house.add("s", mapping)
    house.drop("s", export.name, path.read_bytes())
    house.pull(yaml.safe_load(mapping)["target"])
    shown = json.dumps(house.rows(yaml.safe_load(mapping)["target"]), default=str)
    for personal in ("Ann Example", "ann@shop", "Street 1", "030 123", "10115"):
        assert personal not in shown


def test_orders_carry_what_stands_on_their_first_line(house: LandingHome, tmp_path: Path) -> None:
    path = tmp_path / "shopify_orders.csv"
    path.write_bytes(content(path.name))
    tree = answered(draft(path), CET)
    assert tree["tax_included"] == "true"
    house.add("s", yaml.safe_dump(tree))
    house.drop("s", path.name, path.read_bytes())
    house.pull("orders")
    first, second, third = sorted(house.rows("orders"), key=lambda row: row["source_row"])
    assert first["customer_email"] == second["customer_email"] != third["customer_email"]
    assert {row["currency_code"] for row in (first, second, third)} == {"EUR"}
    assert (second["status"], second["order_total"], third["channel"]) == ("paid", None, "pos")


def test_what_paypal_paid_back_is_a_return(house: LandingHome, tmp_path: Path) -> None:
    path = tmp_path / "paypal.csv"
    path.write_bytes(content(path.name))
    house.add("s", yaml.safe_dump(answered(draft(path), {})))
    house.drop("s", path.name, path.read_bytes())
    house.pull("orders")
    assert {(r["document_type"], r["order_total"]) for r in house.rows("orders")} == {
        ("sale", Decimal("1049.90")),
        ("return", Decimal("-49.90")),
    }


def test_a_landing_folder_is_made_and_its_place_is_said(house: LandingHome, tmp_path: Path) -> None:
    path = tmp_path / "stripe.csv"
    path.write_bytes(content(path.name))
    done = CliRunner().invoke(app, ["draft", str(path), "--source", "acme/stripe"])
    folder = house.space.home.landing_dir("acme", "stripe")
    assert folder.is_dir()
    assert f"drop the files in {folder}" in done.stderr.replace("\n", "")
    assert "next: check every line, then `tributary files try stripe.csv" in done.stderr
    # What goes into the mapping's file is the mapping alone.
    assert yaml.safe_load(done.stdout)["target"] == "orders"
    asks = tmp_path / "etsy.csv"
    asks.write_bytes(content(asks.name))
    assert "next: state what is required" in CliRunner().invoke(app, ["draft", str(asks)]).stderr
    wrong = CliRunner().invoke(app, ["draft", str(path), "--source", "acme/Not a source"])
    assert "cannot be the name of a source" in str(wrong.exception)
