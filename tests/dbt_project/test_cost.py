"""Cost follows change: what a build rewrites is what the new syncs touched."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from built_home import DbtHome, named_in
from fixture_lake import Account, FixtureLake, campaign_row, listed_campaign

from orchestration.dbt_tables import forget_tables
from warehouse.home import Home

# One worker, so that its homes are built once.
pytestmark = [pytest.mark.long, pytest.mark.xdist_group("dbt_cost")]
FIRST = date(2026, 1, 1)
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
HISTORY = 31
MODELS = named_in(__file__)
CAMPAIGNS = [str(number) for number in range(4)]


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def clock(number: int) -> datetime:
    return NOON + timedelta(days=number)


def pull(lake: FixtureLake, account: Account, now: int, lookback: int, spend: str = "1") -> str:
    """What a daily schedule does: the last days again."""
    days = [day(n) for n in range(now - lookback + 1, now + 1)]
    rows = [campaign_row(d, campaign, spend=spend) for d in days for campaign in CAMPAIGNS]
    window = (days[0], days[-1] + timedelta(days=1))
    return lake.pull(account, "campaign_stats", clock(now), rows, window)


@pytest.fixture(scope="module")
def warm(tmp_path_factory: pytest.TempPathFactory) -> tuple[FixtureLake, DbtHome, list[Account]]:
    """An account with a month of daily syncs, and one that came later; built."""
    path = tmp_path_factory.mktemp("cost") / "home"
    path.mkdir()
    lake = FixtureLake(path)
    lake.organization("acme")
    rates = {day(n): {"USD": "1.1"} for n in range(HISTORY + 20)}
    lake.pull_rates(clock(0), (day(0), day(HISTORY + 20)), rates)
    accounts = [Account("acme", "1"), Account("acme", "2")]
    for account in accounts:
        lake.connection(account)
        lake.pull(account, "campaigns", clock(0), [listed_campaign(c) for c in CAMPAIGNS])
    for now in range(6, HISTORY):
        pull(lake, accounts[0], now, 7)
    pull(lake, accounts[1], HISTORY - 1, HISTORY)
    home = DbtHome(path)
    home.build(models=MODELS)
    return lake, home, accounts


def test_a_build_with_nothing_new_rewrites_nothing(
    warm: tuple[FixtureLake, DbtHome, list[Account]],
) -> None:
    _, home, _ = warm
    before = home.rewrites()
    # Tables that stand would not even be looked at.
    forget_tables(Home.open(home.path))
    home.build(models=MODELS)
    assert home.rewrites() == before


def test_seven_restated_days_rewrite_seven_days(
    warm: tuple[FixtureLake, DbtHome, list[Account]],
) -> None:
    lake, home, accounts = warm
    before = home.rewrites()
    pull(lake, accounts[0], HISTORY, 7, spend="2")
    home.build(models=MODELS)
    rewritten = {row[1]: row[3:] for row in home.rewrites() if row not in before}
    rows = len(CAMPAIGNS)
    # Six of the seven days were there before; the month to date goes no further than they do.
    assert rewritten["fact_campaign_performance"] == (7, 6 * rows, 7 * rows)
    assert rewritten["mart_campaign_daily_summary"] == (7, 6 * rows, 7 * rows)
    assert rewritten["mart_platform_comparison"] == (7, 6, 7)
    assert rewritten["int_report_winners"][0] == 2, "the two months that the window touches"
    untouched = {"fact_campaign_performance_hourly", "dim_campaigns", "fact_exchange_rates"}
    assert not untouched & set(rewritten)


def test_a_new_campaign_dirties_no_day_before_its_own(
    warm: tuple[FixtureLake, DbtHome, list[Account]],
) -> None:
    lake, home, accounts = warm
    listed = [listed_campaign(c) for c in [*CAMPAIGNS, "new"]]
    lake.pull(accounts[1], "campaigns", clock(HISTORY + 1), listed)
    last = day(HISTORY + 1)
    lake.pull(
        accounts[1],
        "campaign_stats",
        clock(HISTORY + 1),
        [campaign_row(last, "new")],
        (last, last + timedelta(days=1)),
    )
    before = home.rewrites()
    home.build(models=MODELS)
    rewritten = {row[1]: row[3:] for row in home.rewrites() if row not in before}
    assert rewritten["mart_campaign_daily_summary"] == (1, 0, 1)
    assert rewritten["mart_daily_aggregates"][0] == 1


def test_what_was_known_at_any_instant(
    warm: tuple[FixtureLake, DbtHome, list[Account]],
) -> None:
    """``fact_restatements`` alone gives every earlier state, as the log and raw rows give it."""
    lake, home, accounts = warm
    target = day(15)
    window = (target, target + timedelta(days=1))
    account = accounts[0]
    history = [
        (HISTORY + 2, "3", 0),
        (HISTORY + 4, "4", 0),
        # Fetched before the one above, committed after it: never the truth.
        (HISTORY + 3, "9", 5),
        (HISTORY + 9, None, 0),
    ]
    for now, spend, late in history:
        rows = [] if spend is None else [campaign_row(target, "0", spend=spend)]
        committed = clock(now + late)
        lake.pull(account, "campaign_stats", clock(now), rows, window, committed_at=committed)
    home.build(models=MODELS)
    expected = {
        22: Decimal(1),
        HISTORY + 1: Decimal(1),
        HISTORY + 2: Decimal(3),
        HISTORY + 3: Decimal(3),
        HISTORY + 4: Decimal(4),
        HISTORY + 8: Decimal(4),
        HISTORY + 9: Decimal(0),
    }
    for now, spend in expected.items():
        known_at = clock(now) + timedelta(hours=1)
        query = (
            "select value from fact_restatements where campaign_id = '0' and metric = 'spend' "
            f"and connection_id = '{account.connection_id}' and date_day = '{target}' "
            f"and known_at <= '{known_at.isoformat()}' "
            "qualify row_number() over (partition by campaign_key, date_day, metric "
            "order by known_at desc) = 1"
        )
        assert home.query(query) == [(spend,)], now
