"""What is decided by seeds: classes by hand, and when a visit begins."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from event_rows import SITE, event
from event_site import Site, is_what_a_rebuild_gives
from fixture_lake import Account
from scenarios import at

_OVERRIDES = "build.main.event_class_overrides"
_RULES = "build.main.event_session_rules"


def with_seed(path: Path, table: str, *rows: str, account: Account = SITE) -> Site:
    """A site of which a seed has more rows, as SQL."""
    site = Site(path, account)
    site.home.build(models=["int_event_days"])
    site.home.execute(f"insert into {table} by name " + " union all by name ".join(rows))
    return site


def override(number: int, class_: str, **said: Any) -> str:
    every = {
        "override_number": number,
        "organization_id": "acme",
        "event_class": class_,
        "confidence": "high",
        "author": "ada",
        **said,
    }
    return "select " + ", ".join(f"'{value}' as {name}" for name, value in every.items())


def test_the_narrowest_decision_wins_then_the_newest(tmp_path: Path) -> None:
    site = with_seed(
        tmp_path / "home",
        _OVERRIDES,
        override(1, "by_id", event_id="one", decided_on="2026-01-01"),
        override(2, "by_both", event_name="ping", url_pattern="/help", decided_on="2026-01-02"),
        override(3, "by_name", event_name="ping", decided_on="2026-01-03"),
        override(4, "newer", event_name="ping", decided_on="2026-01-04", reason="a test"),
        override(5, "by_url", url_pattern="/help", decided_on="2026-01-05"),
        override(6, "of_others", event_name="ping", organization_id="other"),
        override(7, "of_nothing"),
        override(8, "of_march", event_name="page_view", valid_from="2026-03-04T00:00:00Z"),
        "select 9 as override_number, '*' as organization_id, 'tapped' as event_name, "
        "'click' as event_class, 'low' as confidence",
    )
    help_page = {"url": "https://shop.example/help"}
    rows = [
        event("one", at(3), event="ping", **help_page),
        event("both", at(3), event="ping", **help_page),
        event("name", at(3), event="ping"),
        event("url", at(3), event="ding", **help_page),
        event("before", at(3, 23, 59)),
        event("from", at(4, 0)),
        event("all", at(3), event="tapped"),
        event("own", at(3), event="tapped", event_class="basket"),
        event("odd", at(3), event="ding", event_class="no class of ours"),
    ]
    site.drop(rows[:5])
    site.drop(rows[5:])
    columns = "event_id, event_class, rule_class, class_confidence, class_author"
    wanted = [
        ("all", "click", "other", "low", None),
        ("before", "page_view", "page_view", None, None),
        ("both", "by_both", "other", "high", "ada"),
        ("from", "of_march", "page_view", "high", "ada"),
        ("name", "newer", "other", "high", "ada"),
        ("odd", "other", "other", None, None),
        ("one", "by_id", "other", "high", "ada"),
        ("own", "click", "basket", "low", None),
        ("url", "by_url", "other", "high", "ada"),
    ]
    assert site.events(columns) == wanted
    assert site.events("event_id, class_reason")[4] == ("name", "a test")
    # They survive a rebuild of everything.
    site.home.build("--full-refresh", "--select", "fact_events")
    assert site.events(columns) == wanted


def visits_from(site: Site) -> list[tuple[Any, ...]]:
    return [row[1:] for row in site.visits()]


def test_midnight_of_the_site_and_other_minutes_by_parameter(tmp_path: Path) -> None:
    rule = (
        "select 'acme' as organization_id, 10 as inactivity_minutes, true as splits_at_midnight, "
        "false as splits_at_campaign"
    )
    berlin = Account("acme", "web_shop", "EUR", "Europe/Berlin", "events")
    site = with_seed(tmp_path / "home", _RULES, rule, account=berlin)
    minutes = [(22, 50), (22, 58), (23, 2), (23, 12), (23, 23)]
    site.drop([event(f"e{n}", at(3, *one)) for n, one in enumerate(minutes)])
    assert visits_from(site) == [
        (at(3, 22, 50), at(3, 22, 58), 2),
        (at(3, 23, 2), at(3, 23, 12), 2),
        (at(3, 23, 23), at(3, 23, 23), 1),
    ]
    days = site.home.query("select date_utc, date_day from fact_sessions order by started_at")
    assert [(str(utc), str(own)) for utc, own in days] == [
        ("2026-03-03", "2026-03-03"),
        ("2026-03-03", "2026-03-04"),
        ("2026-03-03", "2026-03-04"),
    ]


def test_another_campaign_begins_a_visit_by_parameter(tmp_path: Path) -> None:
    rule = (
        "select 'acme' as organization_id, 30 as inactivity_minutes, false as splits_at_midnight, "
        "true as splits_at_campaign"
    )
    site = with_seed(tmp_path / "home", _RULES, rule)
    may, june = ({"utm_source": "news", "utm_campaign": name} for name in ("May", "June"))
    inside = {"referrer_host": "shop.example"}
    said = [may, inside, may, june, inside, {}, june]
    site.drop([event(f"e{n}", at(3, 10, n), **one) for n, one in enumerate(said) if n != 3])
    assert visits_from(site) == [(at(3, 10, 0), at(3, 10, 5), 5), (at(3, 10, 6), at(3, 10, 6), 1)]
    site.drop([event("e3", at(3, 10, 3), received_at=at(5), **june)])
    assert visits_from(site) == [(at(3, 10, 0), at(3, 10, 2), 3), (at(3, 10, 3), at(3, 10, 6), 4)]
    asked = "select campaign_name, medium from fact_sessions order by started_at"
    assert site.home.query(asked) == [("May", "(not set)"), ("June", "(not set)")]


def robots(site: Site) -> list[tuple[Any, ...]]:
    return site.home.query(
        "select distinct visitor_token, date_utc, is_bot, agent_kind, bot_reason from fact_events "
        "order by all"
    )


def test_who_sends_more_in_a_minute_than_people_do_is_a_robot_for_the_day(tmp_path: Path) -> None:
    rule = "select 'acme' as organization_id, 3 as robot_events_a_minute"
    site = with_seed(tmp_path / "home", _RULES, rule)
    second = timedelta(seconds=1)
    fast = [event(f"f{n}", at(3, 10) + n * second, "fast") for n in range(4)]
    rows = [
        *fast[:3],
        event("later", at(3, 18), "fast"),
        event("other_day", at(4, 18), "fast"),
        *(event(f"s{n}", at(3, 10) + (58 + n) * second, "slow") for n in range(4)),
        *(event(f"p{n}", at(3, 10) + n * second, "ours", agent_kind="server") for n in range(9)),
    ]
    known = event("b", at(3, 10), "known", agent_kind="bot", bot_reason="user agent: curl")
    site.drop([*rows, known])
    # Copies of an event are one.
    site.drop([event("f0", at(3, 10), "fast", received_at=at(3, 11))])
    others = [
        ("known", date(2026, 3, 3), True, "bot", "user agent: curl"),
        ("ours", date(2026, 3, 3), False, "server", None),
        ("slow", date(2026, 3, 3), False, "person", None),
    ]
    person = (False, "person", None)
    assert robots(site) == [
        ("fast", date(2026, 3, 3), *person),
        ("fast", date(2026, 3, 4), *person),
        *others,
    ]
    # The fourth comes two days late: all of that day is a robot's.
    late = {**fast[3], "received_at": at(5, 10)}
    site.drop([late])
    found = robots(site)
    assert found == [
        ("fast", date(2026, 3, 3), True, "bot", "more than 3 events in a minute"),
        ("fast", date(2026, 3, 4), *person),
        *others,
    ]
    assert site.home.query(
        "select is_bot, count(*) from fact_sessions where visitor_token = 'fast' group by 1 "
        "order by 1"
    ) == [(False, 1), (True, 2)]
    site.home.build("--full-refresh", "--select", "fact_events")
    assert robots(site) == found


def test_people_send_up_to_120_events_a_minute(tmp_path: Path) -> None:
    site = Site(tmp_path / "home")
    part = timedelta(milliseconds=400)
    site.drop([event(f"a{n}", at(3, 10) + n * part, "a") for n in range(120)])
    assert [row[2] for row in robots(site)] == [False]
    site.drop([event("a120", at(3, 10) + 120 * part, "a")])
    assert [row[4] for row in robots(site)] == ["more than 120 events in a minute"]


def test_an_amount_is_converted_at_the_rate_of_the_event_s_day(tmp_path: Path) -> None:
    berlin = Account("acme", "web_shop", "EUR", "Europe/Berlin", "events")
    site = Site(tmp_path / "home", berlin)
    days = (date(2026, 3, 3), date(2026, 3, 6))
    rates = {date(2026, 3, day): {"USD": f"1.{day}", "SEK": "10"} for day in (3, 4)}
    site.lake.pull_rates(at(5), days, rates)
    said = {"value": Decimal("13.2"), "event": "purchase"}
    site.drop(
        [
            event("dollars", at(3, 10), currency="USD", **said),
            event("next day in Berlin", at(3, 23, 30), currency="usd", **said),
            event("euros", at(3, 10), currency="EUR", **said),
            event("unknown", at(3, 10), **said),
            event("without a rate", at(3, 10), currency="ZZZ", **said),
            event("later", at(5, 10), currency="USD", **said),
            event("nothing", at(3, 10), currency="USD"),
        ]
    )
    found = "event_id, event_value_reporting, reporting_currency"
    wanted = {
        "dollars": Decimal("10.153846"),
        "euros": Decimal("13.2"),
        "later": Decimal("9.428571"),
        "next day in Berlin": Decimal("9.428571"),
        "nothing": None,
        "unknown": None,
        "without a rate": None,
    }
    assert site.events(found) == [(name, value, "EUR") for name, value in wanted.items()]
    # The day's own rate comes with the next sync.
    site.lake.pull_rates(at(6), days, {**rates, date(2026, 3, 5): {"USD": "1.2"}})
    site.home.build(models=["fact_events"])
    assert dict(row[:2] for row in site.events(found)) == {**wanted, "later": Decimal("11")}
    is_what_a_rebuild_gives(site, tmp_path / "twin")
