"""A list that is much shorter than the one before is refused whole: half a list deletes."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from connectors.core.accounts import Account
from connectors.core.columns import attribute
from connectors.core.http import Client
from connectors.core.stream import Page, Stream
from connectors.core.window import Window
from tests.orchestration.made_up_platform import made_up, open_home, pull_accounts, set_clock
from warehouse.home import Home
from warehouse.sync_rows import LogRow


@dataclass
class Sheet:
    """A list of so many rows, in pages of ten, of which some cannot be read."""

    home: Home
    monkeypatch: pytest.MonkeyPatch
    least: float = 0.7
    days: int = 0

    def pull(self, rows: int, unreadable: int = 0) -> LogRow:
        self.days += 1
        set_clock(self.monkeypatch, f"2026-11-{10 + self.days}T12:00:00Z")

        def pages(_client: Client, _account: Account, _window: Window | None) -> Iterator[Page]:
            held = [{"id": str(n)} for n in range(rows)] + [{} for _ in range(unreadable)]
            for start in range(0, len(held), 10):
                yield Page(held[start : start + 10], 1)

        columns = (attribute("id", "id", "Id.", required=True),)
        stream = Stream(
            "things", "snapshot", "A thing.", columns, pages, key_columns=("id",),
            least_kept=lambda account: self.least,
        )  # fmt: skip
        (row,) = pull_accounts(self.home, replace(made_up(), streams=(stream,)), "a").rows
        return row


@pytest.fixture
def sheet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sheet:
    return Sheet(open_home(tmp_path, monkeypatch), monkeypatch)


def test_the_first_list_may_be_of_any_length(sheet: Sheet) -> None:
    assert sheet.pull(1).status == "succeeded"


def test_a_list_that_lost_more_than_its_part_is_refused_whole(sheet: Sheet) -> None:
    assert sheet.pull(30).status == "succeeded"
    refused = sheet.pull(20)
    assert (refused.status, refused.error_class) == ("failed", "ShapeChanged")
    assert "20 rows" in (refused.error_message or "")
    assert "at least 21" in (refused.error_message or "")
    # What was refused is no list to compare with.
    assert sheet.pull(21).status == "succeeded"
    assert sheet.pull(14).status == "failed"


def test_rows_that_cannot_be_read_are_rows(sheet: Sheet) -> None:
    assert sheet.pull(20, unreadable=10).status == "succeeded"
    assert sheet.pull(20).status == "failed"
    assert sheet.pull(20, unreadable=1).status == "succeeded"


def test_a_person_can_let_a_short_list_through(sheet: Sheet) -> None:
    assert sheet.pull(30).status == "succeeded"
    assert sheet.pull(0).status == "failed"
    sheet.least = 0
    assert sheet.pull(0).status == "succeeded"


def test_only_a_snapshot_has_rows_to_keep() -> None:
    (report,) = made_up().streams
    with pytest.raises(ValueError, match="only a snapshot has rows to keep"):
        replace(report, least_kept=lambda account: 0.5)
