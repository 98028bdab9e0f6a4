"""The report of a real release: its numbers are those of the marts, from end to end."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from tests.end_to_end.conftest import Demo, Reference
from tests.warehouse.report import pages
from tests.warehouse.report.pages import Node
from warehouse.home import Home
from warehouse.queries import opened
from warehouse.report.sections import SECTIONS
from warehouse.report.snapshots import write_snapshots
from warehouse.report.subject import Subject
from warehouse.report.writing import write_reports

ORGANIZATIONS = ("acme_outdoor", "chai_house", "kiwi_kitchen")
EMPTY = {"funnel", "alerts"}
"""Not every organization collects web events, and one may break no rule."""


@pytest.mark.xdist_group("reference")
@pytest.mark.parametrize("organization", ORGANIZATIONS)
def test_numbers_are_those_of_the_marts(
    reference: Reference, organization: str, tmp_path: Path
) -> None:
    home = Home.open(reference.folder / "home")
    (written,) = write_reports(home, [organization], to=tmp_path / "report.html")
    with opened(home) as connection:
        subject = Subject.read(connection, organization)
        write_snapshots(connection, subject, (), tmp_path)
    with duckdb.connect(str(home.published_db), read_only=True) as release:
        release.execute("set TimeZone = 'UTC'")
        _compare(pages.read(written.path), release, organization)
        _compare_snapshots(tmp_path, release, organization)


@pytest.mark.xdist_group("demo")
def test_the_demo_ends_with_its_reports(demo: Demo) -> None:
    ends = [line.strip() for line in demo.printed.splitlines() if line.strip()][-3:]
    for organization, line in zip(ORGANIZATIONS, ends, strict=True):
        assert line.endswith(f"/published/reports/{organization}/report.html")
        with demo.release(-1) as release:
            _compare(pages.read(Path(line)), release, organization)
            _compare_snapshots(Path(line).parent, release, organization)
    asked = demo.tributary("report")
    assert asked.returncode == 0, asked.stderr
    assert asked.stdout.count("unchanged:") == len(ORGANIZATIONS)


def _compare(page: Node, release: duckdb.DuckDBPyConnection, organization: str) -> None:
    """Holds each table against its SQL, and sums against marts that the section does not read."""
    shown = {part.attributes["id"] for part in page.all("section")}
    tables = {name for (name,) in release.execute("select table_name from docs_tables").fetchall()}
    for section in SECTIONS:
        if not tables.issuperset(section.tables):
            assert section.is_optional
            assert section.slug not in shown
            continue
        part = pages.section(page, section.slug)
        rows = release.execute(pages.sql(part)).fetchall()
        assert rows or section.slug in EMPTY, section.slug
        if rows:
            assert pages.exact_rows(part) == [
                [pages.exact_text(value) for value in row] for row in rows
            ], section.slug
    revenue, spend = release.execute(
        "select sum(days.net_revenue_reporting), sum(days.spend_reporting) "
        "from mart_kpi_daily as days join mart_kpi_summary as periods "
        "on days.organization_id = periods.organization_id and periods.period = 'last_90_days' "
        "and days.date_day between periods.first_day and periods.last_day "
        "where days.organization_id = ?",
        [organization],
    ).fetchone()
    sums = {
        ("over-time", "net_revenue"): revenue,
        ("over-time", "spend"): spend,
        ("channels", "net_revenue"): revenue,
        ("channels", "spend"): spend,
        ("claims", "confirmed"): revenue,
        ("claims", "spend"): spend,
    }
    assert {place: _sum(page, *place) for place in sums} == sums


def _compare_snapshots(folder: Path, release: duckdb.DuckDBPyConnection, organization: str) -> None:
    """Holds the days' files against a mart that they are not made from."""
    days = dict(
        release.execute(
            "select date_day::varchar, (net_revenue_reporting, spend_reporting) "
            "from mart_organization_daily_metrics where organization_id = ?",
            [organization],
        ).fetchall()
    )
    found = {path.stem.removeprefix("daily_"): path for path in folder.glob("daily_*.json")}
    assert days
    assert found.keys() >= days.keys()
    for day, path in found.items():
        # On days that the other mart does not have only leads or deals came.
        revenue, spend = days.get(day, (None, None))
        snapshot = json.loads(path.read_bytes())
        channels = snapshot["channels"]
        for amount, metric, name in (
            (revenue, "net_revenue_reporting", "net_revenue"),
            (spend, "spend_reporting", "spend"),
        ):
            assert _amounts([snapshot["metrics"][metric]]) == amount, day
            assert _amounts([channel[name] for channel in channels]) == amount, day


def _amounts(texts: list[str | None]) -> Decimal | None:
    known = [Decimal(text) for text in texts if text is not None]
    return sum(known) if known else None


def _sum(page: Node, slug: str, column: str) -> Decimal:
    (section,) = [each for each in SECTIONS if each.slug == slug]
    place = [each.name for each in section.columns].index(column)
    rows = pages.exact_rows(pages.section(page, slug))
    return sum((Decimal(row[place]) for row in rows if row[place] is not None), Decimal(0))
