"""Rates of one's own fill what the feed lacks, on the days of their range and on no other."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from built_home import DbtHome, differences, named_in, twin_of
from fixture_lake import Account, FixtureLake, campaign_row
from scenarios import at, march, window

MODELS = named_in(__file__)
Key = tuple[date, str, str]
Shown = tuple[Decimal, str, date | None]


def shown(home: DbtHome) -> dict[Key, Shown]:
    """Rate, provider and own first day by day, currency and currency."""
    rows = home.query(
        "select date_day, from_currency, to_currency, exchange_rate, provider, own_rate_from "
        "from fact_exchange_rates"
    )
    return {row[:3]: row[3:] for row in rows}


def half_up(number: str) -> Decimal:
    return Decimal(number).quantize(Decimal("1e-18"))


@pytest.fixture(scope="module")
def lake_and_home(tmp_path_factory: pytest.TempPathFactory) -> tuple[FixtureLake, DbtHome]:
    """Days 2 to 5 of March have rates of dollar and pound, days 2 and 3 of the rouble too."""
    path = tmp_path_factory.mktemp("own") / "home"
    path.mkdir()
    lake = FixtureLake(path)
    for name, currency in (("acme", "USD"), ("gulf", "AED"), ("euro", "EUR")):
        lake.organization(name, currency)
    rates = {march(day): {"USD": "1.25", "GBP": "0.8"} for day in (2, 3, 4, 5)}
    for day in (2, 3):
        rates[march(day)]["RUB"] = "100"
    lake.pull_rates(at(6), window(2, 5), rates)
    account = Account("acme", "1", "AED")
    lake.connection(account)
    rows = [campaign_row(march(day), "1", spend="367.25") for day in (3, 4, 5)]
    lake.pull(account, "campaign_stats", at(6), rows, window(3, 5))
    home = DbtHome(path)
    home.build(models=MODELS)
    return lake, home


def spend(home: DbtHome) -> list[tuple[date, Decimal | None]]:
    return home.query(
        "select date_day, spend_reporting from fact_campaign_performance order by date_day"
    )


def test_own_rates_convert_the_days_of_their_range(
    lake_and_home: tuple[FixtureLake, DbtHome],
) -> None:
    lake, home = lake_and_home
    days = [march(day) for day in (3, 4, 5)]
    assert spend(home) == [(day, None) for day in days]
    before, rewritten = shown(home), home.rewrites()
    lake.own_rate("AED", "3.6725", "USD", march(4), march(4), "Central Bank of the UAE")
    home.build(models=MODELS)
    # Into its base it is the exact quotient, and only the one day is written again.
    assert spend(home) == [(days[0], None), (days[1], Decimal(100)), (days[2], None)]
    dirty = {row[1]: row[3] for row in home.rewrites() if row not in rewritten}
    assert dirty["fact_exchange_rates"] == 1
    assert dirty["fact_campaign_performance"] == 1
    stated, from_day = "Central Bank of the UAE", march(4)
    added = {key: value for key, value in shown(home).items() if key not in before}
    assert added == {
        (from_day, "AED", "USD"): (half_up("0.272294077603812117"), stated, from_day),
        # 3.6725 * 1.25 = 4.590625 dirhams for one euro.
        (from_day, "AED", "EUR"): (half_up("0.217835262083049694"), stated, from_day),
        (from_day, "USD", "AED"): (half_up("3.6725"), stated, from_day),
        (from_day, "EUR", "AED"): (half_up("4.590625"), stated, from_day),
        (from_day, "GBP", "AED"): (half_up("5.73828125"), stated, from_day),
        (from_day, "RUB", "AED"): (half_up("0.04590625"), stated, from_day),
        (from_day, "AED", "AED"): (Decimal(1), stated, from_day),
    }


def test_the_reference_rate_wins_and_the_later_own_rate(
    lake_and_home: tuple[FixtureLake, DbtHome],
) -> None:
    lake, home = lake_and_home
    lake.own_rate("AED", "3.6725", "USD", date(1999, 1, 1), provider="peg")
    lake.own_rate("AED", "4", "USD", march(5), provider="bank")
    lake.own_rate("RUB", "200", "EUR", march(1))
    # Its base has no rate, so it converts nothing.
    lake.own_rate("NGN", "1000", "XXX", march(1))
    home.build(models=MODELS)
    found = shown(home)
    dollars = {
        day: found.get((march(day), "AED", "USD"), (None,))[1:] for day in (1, 2, 3, 4, 5, 12, 13)
    }
    peg, first = "peg", date(1999, 1, 1)
    assert dollars == {
        1: (),  # the reference rates do not reach it
        2: (peg, first),
        3: (peg, first),
        4: ("Central Bank of the UAE", march(4)),
        5: ("bank", march(5)),
        12: ("bank", march(5)),
        13: (),
    }
    # The rouble's last reference rate is that of the 3rd: it is carried for seven days.
    ecb = ("European Central Bank", None)
    roubles = {day: found[march(day), "RUB", "EUR"] for day in (3, 10, 11, 12)}
    assert roubles == {
        3: (half_up("0.01"), *ecb),
        10: (half_up("0.01"), *ecb),
        11: (half_up("0.005"), "central bank", march(1)),
        12: (half_up("0.005"), "central bank", march(1)),
    }
    # Both own: 200 roubles are 4 * 1.25 = 5 dirhams.
    assert found[march(11), "RUB", "AED"] == (half_up("0.025"), "central bank, bank", march(5))
    assert not [key for key in found if "NGN" in key]
    assert spend(home) == [
        (march(3), Decimal(100)),
        (march(4), Decimal(100)),
        (march(5), Decimal("91.8125")),
    ]


def test_what_is_taken_away_converts_no_more(
    lake_and_home: tuple[FixtureLake, DbtHome],
) -> None:
    lake, home = lake_and_home
    lake.own_rate("AED", None, "USD", march(5))
    home.build(models=MODELS)
    assert spend(home)[2] == (march(5), Decimal(100)), "the peg holds again"
    for currency, first in list(lake.own_rates):
        lake.own_rate(currency, None, "USD", first)
    home.build(models=MODELS)
    assert spend(home) == [(march(day), None) for day in (3, 4, 5)]
    assert {provider for _, provider, _ in shown(home).values()} == {"European Central Bank"}


def test_the_largest_and_the_smallest_rate_fail_no_build(
    lake_and_home: tuple[FixtureLake, DbtHome],
) -> None:
    lake, home = lake_and_home
    lake.own_rate("AED", "0.00000001", "USD", march(4))
    lake.own_rate("BHD", "999999999.99999999", "RUB", march(1))
    home.build(models=MODELS)
    found = shown(home)
    assert found[march(4), "AED", "USD"][0] == Decimal(100_000_000)
    assert found[march(4), "BHD", "EUR"][0] == half_up("0.000000000010000000")
    twin = twin_of(home, home.path.parent / "twin")
    twin.build(models=MODELS)
    assert differences(home, twin) == {}
