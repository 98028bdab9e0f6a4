"""`tributary files try`: the same as a run, without one."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from landing_home import LandingHome
from typer.testing import CliRunner, Result

from orchestration.commands.files import app

COSTS = """
target: costs
kind: report
time_zone: Europe/Berlin
currency: EUR
skip_rows: [{date: {starts_with: "Total:"}}]
columns: {date: Day, campaign: Campaign, cost: Cost}
"""
FILE = (
    "Day,Campaign,Cost\n2026-11-01,A,10.50\n2026-11-02,A,2\n03/11/2026,A,4\n2026-11-04,A,x\n"
    "Total: Account,,16.50\n"
)
ORDERS = """
target: orders
kind: changes
time_zone: Europe/Berlin
currency: EUR
columns: {order_id: id, ordered_at: at, quantity: n, unit_price: price}
"""


def tried(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["try", *arguments])


def test_a_trial_is_what_a_run_commits(house: LandingHome) -> None:
    house.add("ads", COSTS)
    path = house.drop("ads", "a.csv", FILE)
    said = tried(str(path), "--json")
    assert said.exit_code == 3, said.output
    trial = json.loads(said.output)
    assert trial["mapping"] == "the mapping of acme/ads"
    assert not list(house.space.home.raw_dir("files", "costs").rglob("*.parquet"))
    (row,) = house.pull("costs").rows
    assert (trial["rows"], trial["rejected"], trial["skipped"]) == (row.rows, row.rejected_rows, 1)
    schema = json.loads(row.object_schema or "{}")
    assert trial["left_days"] == schema["left_days"]
    assert schema["skipped_rows"] == 1
    committed = house.rows("costs")
    (cost,) = trial["sums"]
    assert (cost["column"], cost["currency"]) == ("cost", "EUR")
    assert Decimal(cost["amount"]) == sum(r["cost"] for r in committed) == Decimal("12.5")
    assert (trial["first_date"], trial["last_date"]) == (
        str(min(r["date"] for r in committed)),
        str(max(r["date"] for r in committed)),
    )
    aside = [r["reason"].partition(": ")[2] for r in house.quarantine("costs")]
    assert sorted(one["example"] for one in trial["rejections"]) == sorted(aside)
    # 10.50 and 2 were read, 4 was set aside with its row.
    assert [(t["file"], t["ours"], t["agrees"]) for t in trial["totals"]] == [
        ("16.50", "12.50", False)
    ]


def test_a_trial_of_orders_reads_again_as_a_run_does(house: LandingHome) -> None:
    house.add("shop", ORDERS)
    path = house.drop(
        "shop", "a.csv", "id,at,n,price\n1,2026-11-01,1,5\n2,2026-11-01,1,7\n1,2026-11-01,x,5\n"
    )
    trial = json.loads(tried(str(path), "--json").output)
    (row,) = house.pull("orders").rows
    assert (trial["rows"], trial["rejected"]) == (row.rows, row.rejected_rows) == (1, 2)
    lines = sum(r["quantity"] * r["unit_price"] for r in house.rows("orders"))
    assert {one["column"]: Decimal(one["amount"]) for one in trial["sums"]} == {
        "quantity": 1,
        "quantity * unit_price": lines,
    }


def test_a_trial_for_people(house: LandingHome, tmp_path: Path) -> None:
    mapping = tmp_path / "costs.yaml"
    mapping.write_text(COSTS + "date_format: day_first\n")
    path = tmp_path / "a.csv"
    path.write_text(FILE.replace("2026-11-04,A,x\n", ""))
    said = tried(str(path), "--mapping", str(mapping))
    assert said.exit_code == 0, said.output
    assert "a.csv as costs, by the mapping costs.yaml" in said.output
    assert "3 rows read, 0 set aside, 1 left out by skip_rows" in said.output
    assert "first date 2026-11-01, last date 2026-11-03" in said.output
    assert "agrees" in said.output
    assert "DIFFERS" not in said.output
    path.write_text(FILE)
    said = tried(str(path), "--mapping", str(mapping))
    assert said.exit_code == 3
    assert "set aside because" in said.output
    path.write_text(FILE.replace("Account,,16.50", "Account,,17"))
    assert "DIFFERS" in tried(str(path), "--mapping", str(mapping)).output
    assert "null_values: [x, '-', '--', N/A]" in said.output


def test_without_a_mapping_a_draft_is_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRIBUTARY_HOME", str(tmp_path / "none"))
    path = tmp_path / "a.csv"
    path.write_text("Day,Campaign,Cost\n2026-11-01,A,10.50\n")
    said = tried(str(path))
    assert said.exit_code == 0, said.output
    assert "by a draft" in said.output
    assert "assumed: time_zone UTC" in said.output
    # Nothing is written, not even a home.
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a.csv"]


def test_help_teaches() -> None:
    said = CliRunner().invoke(app, ["try", "--help"]).output
    assert "Example: tributary files draft export.csv" in said


def test_quarantine_is_grouped_by_reason(house: LandingHome) -> None:
    house.add("ads", COSTS)
    rows = "".join(f"{n}/11/2026,A,1\n" for n in range(13, 18))
    house.drop("ads", "a.csv", "Day,Campaign,Cost\n2026-11-01,A,5\n2026-11-02,A,x\n" + rows)
    house.pull("costs")
    said = CliRunner().invoke(app, ["quarantine", "acme/ads", "--json"])
    first, second = json.loads(said.stdout)
    assert (first["rows"], first["first_row"]) == (5, 4)
    assert first["reason"].startswith("date (column 'Day'): … is not an ISO 8601 date")
    assert first["add_to_mapping"] == ["date_format: day_first"]
    assert json.loads(first["example"])["record"]["Day"] == "13/11/2026"
    assert (second["rows"], second["first_row"]) == (1, 3)
    shown = CliRunner().invoke(app, ["quarantine", "acme/ads"]).output
    assert "date_format: day_first" in shown
    assert "rows: 6; --rows shows each" in shown
    each = CliRunner().invoke(app, ["quarantine", "acme/ads", "--rows", "--json"])
    assert len(json.loads(each.stdout)) == 6
    few = CliRunner().invoke(app, ["quarantine", "acme/ads", "--rows", "--limit", "2"])
    assert "4 more; --limit shows them" in few.output


def test_our_columns_are_listed() -> None:
    said = CliRunner().invoke(app, ["columns", "costs", "--json"])
    found = {row["column"]: row for row in json.loads(said.stdout)}
    assert found["cost"]["type"] == "amount"
    assert "source_row" not in found
    assert "no target 'cost'" in str(CliRunner().invoke(app, ["columns", "cost"]).exception)


def test_a_new_source_has_its_folder_and_says_where(house: LandingHome, tmp_path: Path) -> None:
    from orchestration.commands.connections import app as connections

    mapping = tmp_path / "costs.yaml"
    mapping.write_text(COSTS)
    add = ["add", "--organization", "acme", "--platform", "files", "--account"]
    said = CliRunner().invoke(connections, [*add, "ads", "--mapping", str(mapping)])
    assert said.exit_code == 0, said.output
    folder = house.space.home.landing_dir("acme", "ads")
    assert folder.is_dir()
    assert f"drop files of ads in {folder}" in said.output.replace("\n", "")
    declared = tmp_path / "home.yaml"
    declared.write_text(
        "organizations: [{id: beta, reporting_currency: EUR}]\nconnections:\n"
        "  - {organization: beta, platform: files, account: plan, settings: {mapping: {target: "
        "costs, kind: report, time_zone: UTC, currency: EUR, columns: {date: d, cost: c}}}}\n"
    )
    said = CliRunner().invoke(connections, ["apply", str(declared)])
    assert said.exit_code == 0, said.output
    assert house.space.home.landing_dir("beta", "plan").is_dir()
    assert "drop files of plan in" in said.output
    again = CliRunner().invoke(connections, ["apply", str(declared)])
    assert "drop files" not in again.output
