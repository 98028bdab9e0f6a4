"""A site whose collector drops files, with what is built of them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from built_home import DbtHome, differences, twin_of
from event_rows import SITE
from fixture_lake import Account, FixtureLake
from scenarios import at

MODELS = ("fact_sessions", "mart_funnel", "mart_active_sessions")


class Site:
    """One site with its lake and what is built of it."""

    def __init__(self, path: Path, account: Account = SITE) -> None:
        path.mkdir()
        self.lake, self.home, self._account = FixtureLake(path), DbtHome(path), account
        self.lake.organization("acme", "EUR")
        self.lake.connection(account)
        self._files = 0

    def drop(self, rows: list[dict[str, Any]], build: bool = True) -> None:
        self._files += 1
        when = at(19) + timedelta(minutes=self._files)
        # A line that a file has twice is two lines of it.
        lines = [{**row, "source_row": number} for number, row in enumerate(rows, 1)]
        self.lake.pull(self._account, "events", when, lines, kind="changes")
        if build:
            self.home.build(models=MODELS)

    def visits(self) -> list[tuple[Any, ...]]:
        return self.home.query(
            "select visitor_token, started_at, ended_at, event_count "
            "from fact_sessions order by all"
        )

    def events(self, columns: str) -> list[tuple[Any, ...]]:
        return self.home.query(f"select {columns} from fact_events order by all")


def is_what_a_rebuild_gives(site: Site, path: Path) -> None:
    twin = twin_of(site.home, path)
    twin.build(models=MODELS)
    assert differences(site.home, twin) == {}
