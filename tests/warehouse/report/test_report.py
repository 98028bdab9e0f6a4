"""The report: each table is what its SQL returns, one organization alone, no text of it acts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from tests.warehouse.report import pages, shop
from tests.warehouse.report.pages import Node
from warehouse.home import Home
from warehouse.queries import opened
from warehouse.releases import NotPublished
from warehouse.report.sections import SECTIONS
from warehouse.report.writing import ReportError, report_dir, write_reports


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home whose reports are written."""
    found = shop.opened_home(tmp_path_factory.mktemp("report"))
    write_reports(found)
    return found


@pytest.fixture(scope="module")
def page(home: Home) -> Node:
    return pages.read(report_dir(home, "acme") / "report.html")


def _clean(text: str | None) -> str | None:
    """Text as it stands in HTML, which does not have all control characters."""
    return None if text is None else re.sub(r"[\x00\x07\ufffe]", "\N{REPLACEMENT CHARACTER}", text)


@pytest.mark.parametrize("slug", [section.slug for section in SECTIONS])
@pytest.mark.parametrize("organization", ["acme", "beta"])
def test_a_table_is_what_its_sql_returns(home: Home, organization: str, slug: str) -> None:
    part = pages.section(pages.read(report_dir(home, organization) / "report.html"), slug)
    with opened(home) as connection:
        rows = connection.execute(pages.sql(part)).fetchall()
    assert rows
    shown = pages.exact_rows(part)
    assert shown == [[_clean(pages.exact_text(value)) for value in row] for row in rows]


def test_a_table_has_all_columns_of_its_sql(home: Home) -> None:
    with opened(home) as connection:
        for section in SECTIONS:
            found = connection.execute(section.query("acme"))
            assert [c[0] for c in found.description] == [c.name for c in section.columns]


def test_key_figures_are_those_of_the_mart(page: Node) -> None:
    cards = _cards(page, "last_28_days")
    revenue = [entry.text for entry in cards["Net revenue"].all("dd")]
    # Half a cent goes up; a share of what was there before.
    assert revenue[0] == "$1,234.57"
    assert "up 23.5% on 28 days before" in revenue[1]
    assert revenue[2] == "no data a year before"
    # Nothing is divided by zero, and what is not known is no 0.
    assert [entry.text for entry in cards["Spend"].all("dd")][1] == "unknown 28 days before"
    assert cards["New customers"].all("dd")[0].text == "–"
    assert cards["New customers"].all("span")[0].attributes["title"] == "unknown"


def _cards(page: Node, period: str) -> dict[str, Node]:
    """The cards of a period by their label."""
    (panel,) = [node for node in page.all("div") if _is(node, f"panel of-{period}")]
    cards = [node for node in panel.all("div") if _is(node, "card")]
    return {str(card.all("dt")[0].children[0]): card for card in cards}


def test_a_period_of_few_days_is_not_compared(page: Node) -> None:
    changes = _cards(page, "last_90_days")["Net revenue"].all("dd")
    assert changes[1].text == "90 days before: data of 3 days only"


def test_what_no_rate_converts_is_named(page: Node) -> None:
    (panel,) = [node for node in page.all("div") if _is(node, "panel of-last_28_days")]
    assert "Not in spend, because no exchange rate is known: NGN 5.00." in panel.text
    assert "Not in net revenue" not in panel.text


def test_amounts_are_in_the_organizations_currency(home: Home) -> None:
    document = pages.read(report_dir(home, "beta") / "report.html")
    amounts = [cell.text for part in document.all("section") for cell in part.all("data")]
    assert "¥1,235" in amounts
    assert not [text for text in amounts if "$" in text]
    axis = pages.chart(document, "over-time")["layer"][1]["encoding"]["y"]["axis"]
    assert "'¥'" in axis["labelExpr"]


def _is(node: Node, name: str) -> bool:
    return node.attributes.get("class") == name


def test_days_that_may_change_are_marked(page: Node) -> None:
    spans = pages.chart(page, "over-time")["layer"][0]["data"]["values"]
    assert spans == [{"start": "2026-11-12T12:00:00Z", "end": "2026-11-15T12:00:00Z"}]


def test_a_day_without_spend_is_a_gap(page: Node) -> None:
    values = pages.chart(page, "over-time")["layer"][1]["data"]["values"]
    assert [row["date_day"] for row in values if row["spend"] is None] == ["2026-11-10"]
    part = pages.section(page, "over-time")
    (row,) = [row for row in pages.exact_rows(part) if row[0] == "2026-11-10"]
    assert row[2] is None


def test_nothing_is_fetched(page: Node) -> None:
    for node in _everything(page):
        for name, value in node.attributes.items():
            if name in ("src", "href", "srcset", "action", "xlink:href", "data"):
                assert str(value).startswith("#"), (node.tag, name, value)
    (policy,) = [n for n in page.all("meta") if "http-equiv" in n.attributes]
    assert str(policy.attributes["content"]).startswith("default-src 'none'; ")
    assert "http" not in str(policy.attributes["content"])
    assert "@import" not in page.all("style")[0].text
    assert "url(" not in page.all("style")[0].text


def _everything(node: Node) -> list[Node]:
    below = [child for child in node.children if isinstance(child, Node)]
    return [node, *(each for child in below for each in _everything(child))]


def test_names_stay_text(page: Node) -> None:
    """Nothing of a name became an element, an attribute or the end of a script."""
    assert len(page.all("script")) == 2 + len([s for s in SECTIONS if s.chart])
    assert page.all("img") == []
    assert not [n for n in _everything(page) if any(a.startswith("on") for a in n.attributes)]
    for node in page.all("script")[:-2]:
        assert not set("<>&\u2028\u2029") & set(node.text)
    names = {row[0] for row in pages.exact_rows(pages.section(page, "campaigns"))}
    assert names == {_clean(attack) for attack in shop.ATTACKS}
    values = pages.chart(page, "campaigns")["data"]["values"]
    assert {row["campaign"] for row in values} == names


def test_no_organization_sees_another(home: Home) -> None:
    for mine, theirs in (("acme", ["Beta secret", "beta", "¥"]), ("beta", ["hacked", "acme"])):
        document = pages.read(report_dir(home, mine) / "report.html")
        parts = [*document.all("section"), *document.all("header"), *document.all("footer")]
        text = "".join(part.text for part in parts)
        assert [word for word in theirs if word in text] == []


def test_everything_has_a_name_to_be_read_by(page: Node) -> None:
    ids = [
        n.attributes["id"] for n in _everything(page) if "id" in n.attributes and n.tag != "path"
    ]
    assert len(ids) == len(set(ids))
    for part in page.all("section"):
        assert part.attributes["aria-labelledby"] in ids
        for table in part.all("table"):
            assert table.all("caption")[0].text
            assert all(head.attributes.get("scope") for head in table.all("th"))
        for figure in part.all("figure"):
            assert figure.all("div")[0].attributes["aria-label"]
            assert part.all("table"), "a chart without its table"
    first = page.all("body")[0].all("a")[0]
    assert (first.text, first.attributes["href"]) == ("Skip to the report", "#report")


def test_the_same_release_is_not_written_again(home: Home) -> None:
    assert [written.is_new for written in write_reports(home)] == [False, False, False]


def test_who_is_there(home: Home) -> None:
    """Neither who was removed nor the owner of shared feeds has a report."""
    assert sorted(p.name for p in (home.published / "reports").iterdir()) == [
        "acme",
        "beta",
        "empty",
    ]


def test_an_organization_without_data_says_what_to_do(home: Home) -> None:
    text = pages.read(report_dir(home, "empty") / "report.html").text
    for section in SECTIONS:
        assert section.empty in text


def test_to_a_file_of_ones_own(home: Home, tmp_path: Path) -> None:
    file = tmp_path / "folder" / "acme.html"
    (written,) = write_reports(home, ["acme"], to=file)
    assert written.path == file
    assert file.read_bytes() == (report_dir(home, "acme") / "report.html").read_bytes()
    assert [path.name for path in file.parent.iterdir()] == ["acme.html"]
    with pytest.raises(ReportError, match="one file is for one organization"):
        write_reports(home, to=tmp_path / "all.html")
    with pytest.raises(ReportError, match="is about the current release: give --to"):
        write_reports(home, ["acme"], release="20261115T120000Z-0001")


@pytest.mark.parametrize("name", ["nobody", "gone", "_shared", "../acme", "acme' or '1'='1"])
def test_an_unknown_organization(home: Home, name: str) -> None:
    with pytest.raises(ReportError, match=r"not published: .*there are acme, beta, empty"):
        write_reports(home, [name])


def test_nothing_published(tmp_path: Path) -> None:
    with pytest.raises(NotPublished, match="run `tributary run` first"):
        write_reports(Home.open(tmp_path / "home"))


def test_no_organization(tmp_path: Path) -> None:
    home = Home.open(tmp_path / "home")
    shop.make(home)
    with duckdb.connect(str(home.serve_db)) as connection:
        connection.execute("delete from dim_organizations where organization_id <> '_shared'")
    shop.publish(home, shop.Clock()())
    with pytest.raises(ReportError, match="no organization is published: connect one"):
        write_reports(home)


def test_a_release_without_optional_tables(tmp_path: Path) -> None:
    """Sections of tables that came later are left out, in the navigation too."""
    home = Home.open(tmp_path / "home")
    shop.make(home, attacks=False, without=("mart_alerts",))
    write_reports(home, ["acme"])
    document = pages.read(report_dir(home, "acme") / "report.html")
    links = [link.text for link in document.all("nav")[0].all("a")]
    assert "Alerts" not in links
    assert "Credit for revenue" in links
    assert len(document.all("section")) == len(SECTIONS) - 1


def test_an_older_release_lacks_columns(tmp_path: Path) -> None:
    home = Home.open(tmp_path / "home")
    shop.make(home, attacks=False)
    with duckdb.connect(str(home.serve_db)) as connection:
        connection.execute("alter table mart_organization_daily_metrics drop is_settled")
        connection.execute("alter table mart_alerts drop severity")
    shop.publish(home, shop.Clock()())
    write_reports(home, ["acme"])
    document = pages.read(report_dir(home, "acme") / "report.html")
    text = pages.section(document, "over-time").text
    assert "does not have mart_organization_daily_metrics, mart_kpi_summary as of today" in text
    assert "alerts" not in [part.attributes["id"] for part in document.all("section")]


def test_what_is_resolved_long_ago_is_no_alert(page: Node) -> None:
    found = pages.exact_rows(pages.section(page, "alerts"))
    assert [row[1] for row in found] == ["new", "active"]
    assert found[0][5:9] == ["1.500000", "2.000000", "-0.25", "-20 %"]
    assert found[1][8] == "2.0"


def test_budgets_of_the_newest_month_with_the_worst_first(page: Node) -> None:
    rows = pages.exact_rows(pages.section(page, "pacing"))
    shown = [(row[3], row[4], row[5]) for row in rows]
    assert shown == [
        ("over", "because of 3", "103.000000"),
        ("under", "because of 2", "102.000000"),
        ("on_track", "because of 1", "101.000000"),
        ("unknown", "because of 0", "100.000000"),
    ]


def test_names_are_in_the_data_of_a_chart_and_nowhere_else(page: Node) -> None:
    """Vega-Lite makes expressions of other places."""
    for section in SECTIONS:
        if section.chart:
            texts = "\n".join(_outside_of_values(pages.chart(page, section.slug)))
            assert "hacked" not in texts, section.slug
            assert "7*7" not in texts, section.slug


def _outside_of_values(value: object) -> Iterator[str]:
    """Yields the texts of a specification but those of the data."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for each in value:
            yield from _outside_of_values(each)
    elif isinstance(value, dict):
        for name, each in value.items():
            if name != "values":
                yield from (name, *_outside_of_values(each))


def test_an_older_release_lacks_tables(tmp_path: Path) -> None:
    home = Home.open(tmp_path / "home")
    shop.make(home, attacks=False, without=("mart_funnel", "mart_cohort_retention"))
    write_reports(home, ["acme"])
    document = pages.read(report_dir(home, "acme") / "report.html")
    lacking = "does not have mart_funnel as of today: run"
    assert lacking in pages.section(document, "funnel").text
    assert pages.exact_rows(pages.section(document, "products"))
