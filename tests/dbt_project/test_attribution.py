"""Journeys of orders: whose visits they are, what two sources report, and where one begins anew."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from built_home import BuildFailed, DbtHome, differences, named_in, twin_of
from commerce_rows import changes, line, shop, shop_order
from event_rows import SITE, event
from fixture_lake import Account, FixtureLake, campaign_row, listed_campaign
from mart_scenarios import listed_ad
from scenarios import at, march, window

DOCS = Path(__file__).parents[2] / "docs" / "attribution.md"
MODELS = sorted({*named_in(__file__), *named_in(str(DOCS))})
ADDS_UP = "attribution_adds_up_to_the_orders"
D = Decimal
GOOGLE = Account("acme", "acme-ads")
SALES = shop("acme")
NETWORK = Account("acme", "7100", "EUR", "Europe/Berlin", "everflow")
PAID = {"utm_source": "google", "utm_medium": "cpc", "utm_campaign": "spring"}
MAIL = {"utm_source": "newsletter", "utm_medium": "email", "utm_campaign": "weekly"}


def partner(order: str, clicked_at: datetime, id_: str, status: str = "approved") -> dict[str, Any]:
    """A conversion that names an order."""
    return {
        "date": march(9), "conversion_id": id_, "status": status, "payout": D(1), "revenue": D(2),
        "sale_amount": D(10), "affiliate_id": "3", "offer_id": "42", "converted_at": at(9),
        "clicked_at": clicked_at, "order_id": order, "is_event": False,
    }  # fmt: skip


def visited(first: datetime, last: datetime, words: dict[str, str]) -> dict[str, Any]:
    """What a shop says of the first visit before an order, beside when the last one was."""
    said = {f"first_{name}": word for name, word in words.items()}
    return {"first_visit_at": first, "last_visit_at": last, **said}


def bought(id_: str, when: datetime, device: str, order: str, **more: Any) -> dict[str, Any]:
    return event(id_, when, device, event="purchase", order_id=order, **more)


VISITS = [
    # Ann's order of March 9: an ad, a mail, and the visit in which she ordered.
    event("a1", at(2), "phone", **PAID),
    event("a2", at(5), "phone", **MAIL),
    event("a3", at(9, 11, 50), "phone"),
    bought("a4", at(9, 12), "phone", "1"),
    # More than 30 days before, and a robot.
    event("a0", datetime.fromisoformat("2026-02-01T06:00:00Z"), "phone", **MAIL),
    event("ar", at(6), "phone", **PAID, agent_kind="bot", bot_reason="x"),
    # After it: her next order, by the shop's name for it, on another device.
    event("a5", at(10), "phone", **MAIL),
    bought("a6", at(12, 12), "tablet", "#2", **PAID),
    # A till that several customers use, and what was seen on it before.
    event("t1", at(8), "till", **MAIL),
    bought("t2", at(9, 15), "till", "3"),
    bought("t3", at(10, 15), "till", "4"),
    # Two visits of somebody who has not bought yet.
    event("n1", at(3), "nobody", **PAID),
    event("n2", at(4), "nobody", **MAIL),
]
ORDERS = [
    # The shop saw the first visit too, a little later.
    shop_order(
        1, at(9, 12), [line(11, "100")], customer="ann", customer_order_index=1,
        **visited(at(2, 6, 10), at(9, 11, 50), PAID),
    ),
    shop_order(2, at(12, 12), [line(21, "0.02")], customer="ann", customer_order_index=2, **PAID),
    shop_order(3, at(9, 15), customer="bob", customer_order_index=1),
    shop_order(4, at(10, 15), customer="eve", customer_order_index=1),
    # Only the shop knows of these: one says nothing but when it was, one has words of two visits,
    # one is free and began too long ago.
    shop_order(5, at(9, 16), customer=None, **visited(at(9, 15), at(9, 15), PAID)),
    shop_order(
        6, at(9, 17), customer="kim", customer_order_index=1, **MAIL,
        **visited(at(7), at(9, 16), PAID),
    ),
    shop_order(
        7, at(9, 18), [line(71, "0")], customer="lou", customer_order_index=1,
        **visited(datetime.fromisoformat("2026-02-01T06:00:00Z"), at(9, 17), PAID),
    ),
    # Partners name these; the click of the second is the shop's last visit, too.
    shop_order(8, at(9, 19), customer="max", customer_order_index=1, **PAID),
    shop_order(
        9, at(9, 20), customer="pat", utm_source="everflow", utm_medium="affiliate",
    ),
    shop_order(10, at(9, 21), customer="ann", is_test=True, **PAID),
]  # fmt: skip


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> tuple[FixtureLake, DbtHome]:
    path = tmp_path_factory.mktemp("attribution") / "home"
    path.mkdir()
    lake, home = FixtureLake(path), DbtHome(path)
    lake.organization("acme", "USD")
    for account in (GOOGLE, SALES, SITE, NETWORK):
        lake.connection(account)
    rates = {march(day): {"USD": "1.1"} for day in range(1, 14)}
    lake.pull_rates(at(13), window(1, 13), rates)
    lake.pull(GOOGLE, "campaigns", at(2), [listed_campaign("1")])
    lake.pull(GOOGLE, "ads", at(2), [listed_ad("901", "1", "spring", "a")])
    spent = [campaign_row(march(9), "1", spend="50", value=400.0)]
    lake.pull(GOOGLE, "campaign_stats", at(13), spent, window(9, 9))
    changes(lake, SALES, at(13), ORDERS, window=window(1, 13))
    lake.pull(SITE, "events", at(13), VISITS, kind="changes")
    named = [partner("8", at(4), "c8"), partner("9", at(9, 8), "c9")]
    named.append(partner("1", at(3), "c1", "rejected"))
    lake.pull(NETWORK, "conversions", at(13), named, window(1, 13))
    home.build(models=MODELS)
    return lake, home


def journeys(home: DbtHome) -> dict[str, list[str]]:
    """The channels and sources of the journeys of orders."""
    rows = home.query(
        "select order_id, list(journeys.channel || ' ' || touch_source order by position) "
        "from build.int_journeys as journeys "
        "inner join serve.fact_orders as orders on journeys.journey_key = orders.order_key "
        "group by order_id"
    )
    return dict(rows)


def credits_of(home: DbtHome, order: str, columns: str = "channel, credit") -> dict[str, Any]:
    rows = home.query(
        f"select model, list(struct_pack({columns}) order by channel) from serve.mart_attribution "
        f"where order_id = '{order}' group by model"
    )
    return {model: [tuple(one.values()) for one in parts] for model, parts in rows}


def test_whose_visits_they_are(story: tuple[FixtureLake, DbtHome]) -> None:
    _, home = story
    mail, ad = "email session", "paid_search session"
    assert journeys(home) == {
        "1": [ad, mail, "direct session"],
        # Seen on Ann's phone after her first order; the shop's word of the last visit has its time.
        "2": [mail, ad],
        # The till's visit before is that of the first who ordered on it.
        "3": [mail, "direct session"],
        "4": ["direct session"],
        "5": ["unattributed order"],
        "6": ["paid_search first_visit", "email order"],
        "7": ["unattributed order"],
        "8": ["affiliate partner", "paid_search order"],
        "9": ["affiliate partner"],
    }


def test_each_model_shares_an_order(story: tuple[FixtureLake, DbtHome]) -> None:
    _, home = story
    third = D("0.333333333")
    found = credits_of(home, "1")
    assert found["first"] == [("paid_search", D(1))]
    assert found["last"] == [("direct", D(1))]
    assert found["last_non_direct"] == [("email", D(1))]
    wanted = [("direct", third), ("email", third), ("paid_search", third + D("1e-9"))]
    assert found["linear"] == wanted
    two, four = D("0.2"), D("0.4")
    assert found["position_based"] == [("direct", four), ("email", two), ("paid_search", four)]
    assert len(found) == 7
    money = "channel, credited_revenue, credited_revenue_reporting"
    # 100 EUR are 110 USD; what is left over goes to the larger credit, then by the channels' names.
    assert credits_of(home, "1", money)["linear"] == [
        ("direct", D("33.33"), D("36.67")),
        ("email", D("33.33"), D("36.66")),
        ("paid_search", D("33.34"), D("36.67")),
    ]


def test_money_is_whole_however_little(story: tuple[FixtureLake, DbtHome]) -> None:
    """Two cents over two touches, and nothing over one."""
    _, home = story
    home.invoke("test", "--select", "mart_attribution", "mart_channel_attribution", ADDS_UP)
    linear = credits_of(home, "2", "channel, credited_revenue, credited_new_customers")["linear"]
    assert linear == [("email", D("0.01"), D(0)), ("paid_search", D("0.01"), D(0))]
    assert credits_of(home, "7", "channel, credited_revenue")["markov"] == [("unattributed", D(0))]
    campaigns = "select distinct campaign_bucket = 'unattributed' from serve.mart_attribution "
    assert home.query(campaigns + "where channel = 'paid_search'") == [(False,)]


def test_the_chain_knows_who_was_lost(story: tuple[FixtureLake, DbtHome]) -> None:
    """Nine orders and a visitor without one: without the ads the visitor's way is closed, too."""
    _, home = story
    ((chance,),) = home.query(
        "select distinct conversion_chance from build.int_removal_effects "
        "where date_month = '2026-03-01'"
    )
    assert 0 < chance < 1
    lost = home.query(
        "select strftime(date_month, '%m'), channel from build.int_journeys "
        "where journey_type = 'lost' order by date_month, position"
    )
    # In February a visit of Ann's that is too old for her order.
    assert lost == [("02", "email"), ("03", "paid_search"), ("03", "email")]


def test_claims_stand_beside_credits(story: tuple[FixtureLake, DbtHome]) -> None:
    _, home = story
    found = home.query(
        "select credited_orders, credited_new_customers, spend_reporting, "
        "platform_conversion_value_reporting, round(claimed_to_credited, 4) "
        "from serve.mart_channel_attribution where channel = 'paid_search' and model = 'first'"
    )
    # Ann's first order and Kim's: 110 EUR at 1.1.
    assert found == [(D(2), D(2), D("55"), D("440"), 3.6364)]
    claimed = "select count(distinct model) from serve.mart_channel_attribution where channel = "
    assert home.query(claimed + "'paid_search'") == [(7,)]
    total = "select sum(credited_orders) from serve.mart_channel_attribution where model = 'markov'"
    assert home.query(total) == [(D(9),)]


def test_the_queries_of_the_handbook_answer(story: tuple[FixtureLake, DbtHome]) -> None:
    _, home = story
    queries = re.findall(r"```sql\n(.*?)```", DOCS.read_text(), re.DOTALL)
    assert len(queries) == 3
    for query in queries:
        assert home.query(query.replace("2026-11-01", "2026-03-01")), query


def test_a_credit_that_is_lost_is_seen(story: tuple[FixtureLake, DbtHome]) -> None:
    _, home = story
    home.execute("create table serve.state.kept as from serve.mart_attribution")
    for change in (
        "update serve.mart_attribution set credit = credit - 0.0003 where model = 'linear'",
        "update serve.mart_attribution set credited_revenue = 0 where order_id = '1'",
        "delete from serve.mart_attribution where order_id = '5' and model = 'markov'",
    ):
        home.execute(change)
        with pytest.raises(BuildFailed, match=ADDS_UP):
            home.invoke("test", "--select", ADDS_UP)
        home.execute(
            "delete from serve.mart_attribution; "
            "insert into serve.mart_attribution from serve.state.kept"
        )
    home.execute("drop table serve.state.kept")


@pytest.mark.long
def test_an_hour_of_an_ad_account_makes_no_attribution(
    story: tuple[FixtureLake, DbtHome], tmp_path: Path
) -> None:
    """Nor does a day that says what it said; a late visit makes its month, as a full refresh."""
    lake, home = story
    before = home.rewrites()
    lake.pull(GOOGLE, "campaign_stats", at(14), [campaign_row(march(10), "1")], window(10, 10))
    home.build(models=MODELS)
    done = {row[1] for row in home.rewrites() if row not in before}
    assert "mart_channel_attribution" in done
    assert not {"int_journeys", "int_removal_effects", "mart_attribution"} & done
    lake.pull(SITE, "events", at(14), [event("late", at(7), "phone")], kind="changes")
    home.build(models=MODELS)
    assert journeys(home)["1"] == [
        "paid_search session",
        "email session",
        "direct session",
        "direct session",
    ]
    twin = twin_of(home, tmp_path / "twin")
    twin.build(models=MODELS)
    assert differences(home, twin) == {}
