"""Snapshots: the numbers of one organization as JSON, whole, written when they change."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from tests.warehouse.conftest import Clock
from tests.warehouse.report import shop
from warehouse.home import Home
from warehouse.publishing import publish
from warehouse.report import changed_files
from warehouse.report.sections import SECTIONS
from warehouse.report.writing import report_dir, write_reports


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home whose reports are written."""
    found = shop.opened_home(tmp_path_factory.mktemp("made"))
    write_reports(found)
    return found


@pytest.fixture
def home(made: Home, home: Home, copied: Callable[[Home], Home]) -> Home:
    """That home, the test's own."""
    return copied(made)


def _release(home: Home, sql: str) -> None:
    """Publishes the same tables with a change."""
    with duckdb.connect(str(home.serve_db)) as connection:
        connection.execute(sql)
    clock = Clock()
    clock.move(hours=1)
    publish(home, clock())


def _stamps(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}


def test_a_day(home: Home) -> None:
    text = (report_dir(home, "acme") / "daily_2026-11-15.json").read_text()
    day = json.loads(text)
    assert list(day) == [
        "format",
        "organization_id",
        "currency",
        "date",
        "is_complete",
        "metrics",
        "platforms",
        "channels",
    ]
    assert (day["organization_id"], day["currency"], day["date"]) == ("acme", "USD", "2026-11-15")
    assert day["is_complete"] is False
    metrics = day["metrics"]
    # Money has every digit; what is counted or divided is a number; unknown is null.
    assert metrics["net_revenue_reporting"] == "12345678901234567.1234"
    assert metrics["spend_reporting"] == "10"
    assert (metrics["orders"], metrics["conversions"], metrics["mer"]) == (3, 16.98, 7.25)
    assert (metrics["clicks"], metrics["unconverted_spend"]) == (None, "NGN 5.00")
    assert day["platforms"][0] == {
        "platform": "acme_p0",
        "spend": "10",
        "claimed": "50",
        "confirmed": "30",
    }
    assert day["channels"] == [
        {
            "channel": shop.ATTACKS[0],
            "net_revenue": "7",
            "spend": "7",
            "orders": 7,
            "new_customers": None,
        }
    ]


def test_a_month(home: Home) -> None:
    month = json.loads((report_dir(home, "acme") / "monthly_2026-11.json").read_text())
    assert month["metrics"]["net_revenue_reporting"] == "114"
    assert [channel["spend"] for channel in month["channels"]] == ["70"]
    # Of a month the platforms' days are added up.
    assert month["platforms"][0]["confirmed"] == "30"
    assert "is_complete" not in month


def test_the_summary_has_every_section(home: Home) -> None:
    summary = json.loads((report_dir(home, "acme") / "summary.json").read_text())
    assert list(summary["sections"]) == [section.slug for section in SECTIONS]
    figures = {row["period"]: row for row in summary["sections"]["key-figures"]}
    assert figures["last_28_days"]["net_revenue_reporting"] == "1234.565"
    assert figures["last_28_days"]["orders"] == 12
    assert figures["last_28_days"]["new_customers"] is None
    assert summary["published_at"] == "2026-11-15T12:00:00Z"


def test_every_day_and_month_has_a_file(home: Home) -> None:
    names = [path.name for path in report_dir(home, "acme").iterdir()]
    assert len([name for name in names if name.startswith("daily_")]) == shop.DAYS
    assert len([name for name in names if name.startswith("monthly_")]) == 3
    assert sorted(path.name for path in report_dir(home, "empty").iterdir()) == [
        "report.html",
        "summary.json",
    ]


def test_only_a_day_that_changed_is_written(home: Home) -> None:
    before = {name: _stamps(report_dir(home, name)) for name in ("acme", "beta")}
    _release(
        home,
        "update mart_kpi_daily set refunds_reporting = 1 "
        "where organization_id = 'acme' and date_day = '2026-11-03'",
    )
    write_reports(home)
    after = {name: _stamps(report_dir(home, name)) for name in before}
    # Pages and summaries name the release.
    always = {"report.html", "summary.json"}
    assert _changed(before["acme"], after["acme"]) == always | {"daily_2026-11-03.json"}
    assert _changed(before["beta"], after["beta"]) == always


def _changed(before: dict[str, int], after: dict[str, int]) -> set[str]:
    assert before.keys() == after.keys()
    return {name for name, stamp in after.items() if before[name] != stamp}


def test_a_day_without_data_goes(home: Home) -> None:
    folder = report_dir(home, "acme")
    own = folder / "notes.txt"
    own.write_text("mine")
    _release(home, "delete from mart_kpi_daily where date_day = '2026-11-03'")
    write_reports(home)
    assert not (folder / "daily_2026-11-03.json").exists()
    assert (folder / "daily_2026-11-04.json").exists()
    assert own.read_text() == "mine"


def test_an_organization_that_is_gone_goes(home: Home) -> None:
    (report_dir(home, "empty") / "notes.txt").write_text("mine")
    _release(
        home,
        "update dim_organizations set status = 'removed' "
        "where organization_id in ('acme', 'empty')",
    )
    write_reports(home, ["beta"])
    assert not report_dir(home, "acme").exists()
    assert [path.name for path in report_dir(home, "empty").iterdir()] == ["notes.txt"]
    assert (report_dir(home, "beta") / "report.html").exists()


def test_no_organization_sees_another(home: Home) -> None:
    for mine, theirs in (("acme", "beta"), ("beta", "acme")):
        for path in report_dir(home, mine).glob("*.json"):
            assert theirs not in path.read_text().lower(), path.name


def test_a_file_is_whole_or_as_before(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = report_dir(home, "acme")
    before = (folder / "daily_2026-11-03.json").read_bytes()
    _release(home, "update mart_kpi_daily set refunds_reporting = 1")

    def fails(*_: object) -> None:
        raise OSError("no")

    with monkeypatch.context() as patch:
        patch.setattr(changed_files.os, "replace", fails)
        with pytest.raises(OSError, match="no"):
            write_reports(home)
    assert (folder / "daily_2026-11-03.json").read_bytes() == before
    assert not [name for name in os.listdir(folder) if name.startswith(".tmp")]
    write_reports(home)
    assert (folder / "daily_2026-11-03.json").read_bytes() != before
