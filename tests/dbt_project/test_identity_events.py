"""Visitors who are customers: by an id at the site, by an order, on devices of several."""

from __future__ import annotations

from pathlib import Path

import pytest
from built_home import DbtHome, differences, named_in, twin_of
from commerce_rows import changes, line, shop_order
from companies import SHOP, SITE, Company
from event_rows import event
from fixture_lake import Account, FixtureLake, campaign_row
from scenarios import at, march, window

MODELS = [
    *named_in(__file__),
    *("dim_customer_records", "dim_persons", "dim_customers", "fact_identity_links"),
    *("fact_campaign_performance", "int_people", "int_identity_links", "int_person_keys"),
]


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> FixtureLake:
    """A company with a site."""
    path = tmp_path_factory.mktemp("visitors") / "home"
    path.mkdir()
    lake = FixtureLake(path)
    lake.pull_rates(at(20), window(1, 25), {march(day): {"USD": "1.1"} for day in range(1, 26)})
    company = Company(lake, "acme")
    company.customers(("ada", 2, "ada"), ("eve", 3, "eve"), ("kim", 4, "kim"), ("bob", 5, "bob"))
    rows = [
        shop_order(number, at(9), [line(number * 10)], customer=name)
        for number, name in ((1, "ada"), (2, "eve"), (3, "kim"), (4, "bob"), (5, "kim"))
    ]
    changes(lake, company.accounts[SHOP], at(20), rows, window=window(1, 19))
    events = [
        # One who signs in on two devices, and orders on one of them.
        event("1", at(6), "phone", user_id="u"),
        event("2", at(8), "laptop", user_id="u"),
        event("3", at(9), "laptop", user_id="u", order_id="1"),
        # A device at which several order, and one at which several sign in.
        event("4", at(9), "till", order_id="2"),
        event("5", at(9), "till", order_id="3"),
        event("6", at(9), "library", user_id="v"),
        event("7", at(9), "library", user_id="w"),
        event("8", at(9), "of v", user_id="v", order_id="4"),
        event("9", at(9), "of w", user_id="w", order_id="5"),
        # Neither a robot nor who denied it says who it is; who only looks around is no record.
        event("10", at(9), "robot", user_id="u", agent_kind="bot"),
        event("11", at(9), "denied", user_id="u", analytics_consent="denied"),
        event("12", at(9), "guest"),
        event("13", at(9), "lost", order_id="999"),
    ]
    company.pull(SITE, "events", events)
    return lake


@pytest.fixture(scope="module")
def home(lake: FixtureLake) -> DbtHome:
    """The company, built."""
    home = DbtHome(lake.home)
    home.build(models=MODELS)
    return home


def test_devices_are_of_their_owner(home: DbtHome, lake: FixtureLake) -> None:
    company = Company(lake, "acme")
    with home.reading() as built:
        people = company.people(built)
        records = built(
            "select person_key, string_agg(record_type, ' ' order by record_type) "
            "from dim_customer_records group by 1"
        )
        seen = company.person(built, "platforms, last_seen_at", shopify="ada")
    assert {people[company.key(SITE, one)] for one in ("phone", "laptop")} == {
        company.key(SHOP, "ada")
    }
    assert seen == ("events, shopify", at(9))
    assert dict(records) == {
        company.key(SHOP, "ada"): "customer visitor visitor",
        company.key(SHOP, "eve"): "customer",
        company.key(SHOP, "kim"): "customer visitor",
        company.key(SHOP, "bob"): "customer visitor",
        company.key(SITE, "till"): "visitor",
        company.key(SITE, "library"): "visitor",
    }


def test_a_device_of_several_joins_nobody_and_is_listed(home: DbtHome, lake: FixtureLake) -> None:
    company = Company(lake, "acme")
    with home.reading() as built:
        found = built(
            "select record_key, identifier_kind, count(*) from fact_identity_links "
            "where ignored_reason = 'shared_device' group by all"
        )
    assert sorted(found) == sorted(
        [(company.key(SITE, "till"), "order", 2), (company.key(SITE, "library"), "user", 2)]
    )


@pytest.mark.long
def test_an_hour_of_an_advertising_account_changes_nothing_of_people(
    home: DbtHome, lake: FixtureLake, tmp_path: Path
) -> None:
    ads = Account("acme", "ads-1")
    lake.connection(ads)
    lake.pull(ads, "campaign_stats", at(21), [campaign_row(march(20), "1")], window(20, 20))
    before = home.rewrites()
    home.build(models=MODELS)
    rewritten = {row[1] for row in home.rewrites() if row not in before}
    assert "fact_campaign_performance" in rewritten
    assert not {name for name in rewritten if "person" in name or "people" in name}
    assert not {"dim_customer_records", "fact_identity_links", "int_identity_links"} & rewritten
    # A customer that comes later is written alone, of people and records.
    company = Company(lake, "acme")
    company.customers(("new", 20, "ada"))
    before = home.rewrites()
    home.build(models=MODELS)
    rewritten = {row[1]: row[3:] for row in home.rewrites() if row not in before}
    assert rewritten["dim_customer_records"] == (1, 0, 1)
    assert rewritten["dim_persons"] == (1, 1, 1)
    twin = twin_of(home, tmp_path / "twin")
    twin.build(models=MODELS)
    assert differences(home, twin) == {}
