"""Days that two spellings of one account both cover are counted once when they are one account."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from built_home import DbtHome, differences, named_in, twin_of
from fixture_lake import Account, FixtureLake, campaign_row
from meta_streams import insight
from scenarios import at, march, window

from connectors import platforms
from warehouse.account_union import unite_accounts
from warehouse.home import Home
from warehouse.registry import Registry, connection_id
from warehouse.registry_records import Organization

pytestmark = pytest.mark.long

MODELS = named_in(__file__)
DASHED, PLAIN = "123-456-7890", "1234567890"
NODE, NUMBER = "act_212551616838260", "212551616838260"


def spend(home: DbtHome) -> dict[tuple[str, date], Decimal]:
    rows = home.query(
        "select platform, date_day, sum(spend) from fact_campaign_performance group by all"
    )
    return {(platform, day): total for platform, day, total in rows}


def test_the_latest_fetch_of_either_spelling_counts(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    lake, home = FixtureLake(tmp_path / "home"), DbtHome(tmp_path / "home")
    lake.organization("acme", "EUR")
    google = {name: Account("acme", name) for name in (DASHED, PLAIN)}
    meta = {name: Account("acme", name, platform="meta_ads") for name in (NODE, NUMBER)}
    for account in (*google.values(), *meta.values()):
        lake.connection(account)

    def fetched(name: str, day: int, spent: str, first: int, last: int) -> None:
        """A report of both platforms; the fetch of the day says what each of its days spent."""
        days = [march(each) for each in range(first, last + 1)]
        rows = [campaign_row(each, "1", spend=spent) for each in days]
        lake.pull(google[name], "campaign_stats", at(day), rows, window(first, last))
        own = meta[NODE if name == DASHED else NUMBER]
        insights = [insight(each, "1", spent) for each in days]
        lake.pull(own, "campaign_insights", at(day), insights, window(first, last))

    fetched(DASHED, 6, "10", 1, 5)
    fetched(PLAIN, 7, "12", 3, 5)
    fetched(DASHED, 8, "13", 5, 5)
    home.build(models=MODELS)
    before = spend(home)
    assert before["google_ads", march(4)] == before["meta_ads", march(4)] == 22

    opened = Home.open(home.path)
    registry = Registry.open(opened, lambda: at(9), actor="tester")
    registry.add_organization(Organization("acme", "acme"))
    for account in (*google.values(), *meta.values()):
        registry.add_connection("acme", account.platform, account.id, None)
    united = unite_accounts(
        opened, registry, lambda name, given: platforms.get(name).account_id(given)
    )
    assert {one.connection_id for one in united} == {
        connection_id("acme", "google_ads", PLAIN), connection_id("acme", "meta_ads", NUMBER),
    }  # fmt: skip
    for account in (google[DASHED], meta[NODE]):
        del lake.connections[account.connection_id]
    lake.connection(google[PLAIN])

    home.build(models=MODELS)
    spent = {1: 10, 2: 10, 3: 12, 4: 12, 5: 13}
    assert spend(home) == {
        (name, march(day)): total
        for name in ("google_ads", "meta_ads")
        for day, total in spent.items()
    }
    twin = twin_of(home, tmp_path / "twin")
    twin.build(models=MODELS)
    assert differences(home, twin) == {}
