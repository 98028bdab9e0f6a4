"""The report as a browser shows it: from disk, on a phone, in the dark, on paper, by keyboard."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.warehouse.report import shop
from tests.warehouse.report.browser import Tab, browser
from warehouse.report.sections import SECTIONS
from warehouse.report.writing import write_reports

CHARTS = [section.slug for section in SECTIONS if section.chart]
PHONE, DESK = 360, 1280

_CONTRAST = """
(() => {
  const channels = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((v) => v / 255).map((v) =>
      v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const ground = (node) => {
    for (let each = node; each; each = each.parentElement) {
      const found = channels(getComputedStyle(each).backgroundColor);
      if (found.length < 4 || found[3] > 0) return found;
    }
    return [255, 255, 255];
  };
  const low = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || node.closest("svg, script, style")) continue;
    if (!node.checkVisibility()) continue;
    const pair = [light(channels(getComputedStyle(node).color)), light(ground(node))].sort();
    const contrast = (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
    if (contrast < 4.5) low.push([node.textContent.slice(0, 40), contrast]);
  }
  return low;
})()
"""


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report whose names are attacks."""
    folder = tmp_path_factory.mktemp("report")
    (written,) = write_reports(shop.opened_home(folder), ["acme"])
    return written.path


@pytest.fixture(scope="module")
def tab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    with browser(tmp_path_factory.mktemp("chromium")) as found:
        yield found


def test_it_opens_from_disk_without_a_complaint(tab: Tab, report: Path) -> None:
    tab.open(report, DESK)
    assert tab.trouble == []
    assert {address for address in tab.requests if not address.startswith("data:")} == {
        report.as_uri(),
    }


@pytest.mark.parametrize("slug", CHARTS)
def test_each_chart_has_marks_with_a_size(tab: Tab, report: Path, slug: str) -> None:
    tab.open(report, DESK)
    marks = tab.ask(
        f"[...document.querySelectorAll('#{slug} .live .role-mark path')]"
        ".map((path) => path.getBBox()).filter((box) => box.width + box.height > 3).length"
    )
    assert marks > 0
    assert tab.ask(f"document.querySelector('#{slug} .still').checkVisibility()") is False


def test_names_are_shown_and_do_nothing(tab: Tab, report: Path) -> None:
    tab.open(report, DESK)
    assert "hacked" not in tab.ask("document.title").replace(shop.ATTACKS[0], "")
    assert tab.ask("document.querySelectorAll('img').length") == 0
    assert tab.ask("document.querySelector('h1').textContent") == shop.ATTACKS[0]
    drawn = tab.ask("document.querySelector('#campaigns .live').textContent")
    assert "<img src=x" in drawn
    assert "{{7*7}}${7*7}" in drawn


def test_bars_stand_in_the_order_of_the_table(tab: Tab, report: Path) -> None:
    tab.open(report, DESK)
    drawn = tab.ask(
        "[...document.querySelectorAll('#channels .live .role-axis-label text')]"
        ".map((label) => label.textContent.trim().slice(0, 8))"
    )
    listed = tab.ask(
        "[...document.querySelectorAll('#channels tbody th')]"
        ".map((cell) => cell.textContent.trim().slice(0, 8))"
    )
    assert listed
    assert [label for label in drawn if label in listed] == listed


def test_a_phone_has_no_sideways_scroll(tab: Tab, report: Path) -> None:
    tab.open(report, PHONE)
    assert tab.ask("document.documentElement.scrollWidth") <= PHONE
    tab.ask("document.querySelectorAll('details').forEach((each) => (each.open = true))")
    assert tab.ask("document.documentElement.scrollWidth") <= PHONE
    wide = tab.ask(
        "[...document.querySelectorAll('.live svg')]"
        ".map((svg) => svg.getBoundingClientRect().right)"
    )
    assert len(wide) == len(CHARTS)
    assert max(wide) <= PHONE


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_has_contrast(tab: Tab, report: Path, scheme: str) -> None:
    """WCAG 2.2 AA: 4.5 to 1."""
    tab.open(report, DESK, prefers_color_scheme=scheme)
    tab.ask("document.querySelectorAll('details').forEach((each) => (each.open = true))")
    assert tab.ask(_CONTRAST) == []


def test_dark_is_dark_in_the_charts_too(tab: Tab, report: Path) -> None:
    found = []
    for scheme in ("light", "dark"):
        tab.open(report, DESK, prefers_color_scheme=scheme)
        label = "document.querySelector('#over-time .live .role-axis-label text')"
        found.append(tab.ask(f"getComputedStyle({label}).fill"))
    assert found[0] != found[1]
    assert all(re.fullmatch(r"rgb\(\d+, \d+, \d+\)", colour) for colour in found)


def test_paper_has_every_chart(tab: Tab, report: Path) -> None:
    tab.open(report, DESK)
    tab.call("Emulation.setEmulatedMedia", media="print")
    for slug in CHARTS:
        assert tab.ask(f"document.querySelector('#{slug} .still').checkVisibility()")
        assert not tab.ask(f"document.querySelector('#{slug} .live').checkVisibility()")
    assert tab.pdf().startswith(b"%PDF")


def test_the_keyboard_reaches_all_that_opens(tab: Tab, report: Path) -> None:
    tab.open(report, DESK)
    reached = set()
    tab.press("Tab")
    assert tab.ask("document.activeElement.textContent") == "Skip to the report"
    assert tab.ask("document.activeElement.getBoundingClientRect().left") >= 0
    for _ in range(100):
        tab.press("Tab")
        reached.add(
            tab.ask(
                "(() => { const a = document.activeElement; const s = a.closest('section');"
                " return a.tagName + ' ' + (s ? s.id : '') })()"
            )
        )
        if "BODY " in reached:
            break
    for section in SECTIONS:
        assert f"SUMMARY {section.slug}" in reached
    assert "INPUT key-figures" in reached


def test_the_period_can_be_chosen(tab: Tab, report: Path) -> None:
    tab.open(report, DESK)
    shown = (
        "[...document.querySelectorAll('.panel')]"
        ".filter((panel) => panel.checkVisibility()).map((panel) => panel.className)"
    )
    assert tab.ask(shown) == ["panel of-last_28_days"]
    tab.ask("document.querySelector('label[for=last_7_days]').click()")
    assert tab.ask(shown) == ["panel of-last_7_days"]
